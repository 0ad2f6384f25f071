//! DNS: asks the system's resolvers, or the configured one, for DKIM keys (RFC 6376 §3.6.2) and, in `setup`, for the
//! servers of a domain's mail.
//!
//! Each name is asked for once a run, many side by side, over UDP, and over TCP where the answer does not fit. "There is no
//! such name" is an answer; a server that fails or does not reply gives none. The event loop that the resolver needs stays
//! in here.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{Resolver, TokioResolver};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::fault::Fault;
use crate::trust::{Answer, Keys};

/// How long one server may take to answer one question.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the answer for one name may take in all.
const LIMIT: Duration = Duration::from_secs(8);
/// So many names are asked for side by side: one that nobody answers for keeps no other waiting, whoever's it is.
const AT_ONCE: usize = 64;

/// Whether DKIM signatures are verified, and who is asked for their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dkim {
    /// Whether they are verified.
    pub verify: bool,
    /// The DNS server to ask. `None`: the system's resolvers.
    pub nameserver: Option<SocketAddr>,
}

impl Default for Dkim {
    fn default() -> Self {
        Self { verify: true, nameserver: None }
    }
}

/// Asks for names and remembers the answers for as long as it lives.
pub struct Dns {
    is_on: bool,
    nameserver: Option<SocketAddr>,
    /// The resolver, made when the first name is asked for, or why it could not be made.
    asker: Option<Result<Asker, Fault>>,
    keys: Keys,
}

struct Asker {
    runtime: Runtime,
    resolver: TokioResolver,
    /// The same without EDNS (RFC 6891), for servers that know nothing of it.
    plain: TokioResolver,
}

impl Dns {
    /// Prepares for asking; nothing is asked yet.
    pub fn new(settings: &Dkim) -> Self {
        Self { is_on: settings.verify, nameserver: settings.nameserver, asker: None, keys: Keys::default() }
    }

    /// Knows some answers already, and asks only for other names.
    pub fn knowing(keys: Keys) -> Self {
        Self { keys, ..Self::new(&Dkim::default()) }
    }

    /// Whether keys are asked for at all.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// The answers to some names, each of which is asked for once; `None` where signatures are not to be verified.
    pub fn ask(&mut self, names: impl IntoIterator<Item = String>) -> Option<Keys> {
        if !self.is_on {
            return None;
        }
        let names: BTreeSet<String> = names.into_iter().collect();
        let unknown: Vec<String> = names.iter().filter(|name| self.keys.answer(name).is_none()).cloned().collect();
        for some in unknown.chunks(AT_ONCE) {
            for (name, answer) in self.answers(some) {
                tracing::debug!(name, ?answer, "asked DNS");
                self.keys.insert(name, answer);
            }
        }
        let mut answers = Keys::default();
        for name in names {
            if let Some(answer) = self.keys.answer(&name) {
                answers.insert(name, answer.clone());
            }
        }
        Some(answers)
    }

    /// The hosts and ports of a service, best first (SRV, RFC 2782); none where nobody answers.
    pub fn services(&mut self, name: &str) -> Vec<(String, u16)> {
        let mut found: Vec<(u16, u16, String, u16)> = self
            .records(name, RecordType::SRV)
            .into_iter()
            .filter_map(|data| match data {
                RData::SRV(srv) => Some((srv.priority, srv.weight, host(&srv.target)?, srv.port)),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(priority, weight, ..)| (*priority, Reverse(*weight)));
        found.into_iter().map(|(.., host, port)| (host, port)).collect()
    }

    /// The hosts that take a domain's mail, best first (MX, RFC 5321 §5.1); none where nobody answers.
    pub fn exchangers(&mut self, domain: &str) -> Vec<String> {
        let mut found: Vec<(u16, String)> = self
            .records(domain, RecordType::MX)
            .into_iter()
            .filter_map(|data| match data {
                RData::MX(mx) => Some((mx.preference, host(&mx.exchange)?)),
                _ => None,
            })
            .collect();
        found.sort();
        found.into_iter().map(|(_, host)| host).collect()
    }

    fn records(&mut self, name: &str, kind: RecordType) -> Vec<RData> {
        let Ok(asker) = self.asker() else { return Vec::new() };
        let Ok(name) = Name::from_ascii(name) else { return Vec::new() };
        let found =
            asker.runtime.block_on(async { tokio::time::timeout(LIMIT, asker.resolver.lookup(name, kind)).await });
        tracing::debug!(?kind, is_found = matches!(found, Ok(Ok(_))), "asked DNS");
        let Ok(Ok(lookup)) = found else { return Vec::new() };
        lookup.answers().iter().map(|record| record.data.clone()).collect()
    }

    fn answers(&mut self, names: &[String]) -> Vec<(String, Answer)> {
        match self.asker() {
            Ok(asker) => asker.lookups(names),
            Err(why) => names.iter().map(|name| (name.clone(), Answer::Unreachable(why.to_string()))).collect(),
        }
    }

    fn asker(&mut self) -> Result<&Asker, Fault> {
        let nameserver = self.nameserver;
        self.asker.get_or_insert_with(|| Asker::new(nameserver)).as_ref().map_err(Clone::clone)
    }
}

/// A host name in lower case without its final dot. `None` for a lone dot, by which an SRV or MX record says that the domain
/// has no such server.
fn host(name: &Name) -> Option<String> {
    let host = name.to_ascii().trim_end_matches('.').to_lowercase();
    (!host.is_empty()).then_some(host)
}

impl Asker {
    fn new(nameserver: Option<SocketAddr>) -> Result<Self, Fault> {
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|error| Fault::new(error.to_string()))?;
        let (config, mut options) = match nameserver {
            Some(address) => (only(address), ResolverOpts::default()),
            None => {
                read_system_conf().map_err(|error| Fault::new(format!("the system names no resolver ({error})")))?
            }
        };
        options.timeout = PATIENCE;
        options.attempts = 2;
        options.try_tcp_on_error = true;
        options.use_hosts_file = ResolveHosts::Never;
        // `Dns` remembers the answers itself, failures included.
        options.cache_size = 0;
        let build = |edns0: bool| {
            let _guard = runtime.enter();
            let mut options = options.clone();
            options.edns0 = edns0;
            let resolver = Resolver::builder_with_config(config.clone(), TokioRuntimeProvider::default());
            resolver.with_options(options).build().map_err(|error| Fault::new(error.to_string()))
        };
        let (resolver, plain) = (build(true)?, build(false)?);
        Ok(Self { runtime, resolver, plain })
    }

    /// Asks for some names at the same time.
    fn lookups(&self, names: &[String]) -> Vec<(String, Answer)> {
        self.runtime.block_on(async {
            let mut lookups = JoinSet::new();
            for name in names.iter().cloned() {
                let (resolver, plain) = (self.resolver.clone(), self.plain.clone());
                lookups.spawn(async move {
                    let answer = match lookup(&resolver, &name).await {
                        Err(error) if is_of_edns(&error) => lookup(&plain, &name).await,
                        answer => answer,
                    };
                    (name, answer.unwrap_or_else(|error| failure(&error)))
                });
            }
            lookups.join_all().await
        })
    }
}

/// Asks for the keys under a name.
async fn lookup(resolver: &TokioResolver, name: &str) -> Result<Answer, NetError> {
    let Ok(name) = Name::from_ascii(name) else { return Ok(Answer::Absent("its key has no possible name".to_owned())) };
    let Ok(lookup) = tokio::time::timeout(LIMIT, resolver.txt_lookup(name)).await else {
        return Ok(Answer::Unreachable("no answer in time".to_owned()));
    };
    let lookup = lookup?;
    let texts = lookup.answers().iter().filter_map(|record| match &record.data {
        RData::TXT(text) => Some(text.txt_data.concat()),
        _ => None,
    });
    let records: Vec<Vec<u8>> = texts.collect();
    let nothing = || Answer::Absent("no key stands in DNS".to_owned());
    Ok(if records.is_empty() { nothing() } else { Answer::Records(records) })
}

/// Whether a server does not understand a question that bears an OPT record (RFC 6891 §7).
fn is_of_edns(error: &NetError) -> bool {
    let code = match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => none.response_code,
        NetError::Dns(DnsError::ResponseCode(code)) => *code,
        _ => return false,
    };
    matches!(code, ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::BADVERS)
}

/// A configuration with one server, over UDP and TCP.
fn only(address: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    let server = NameServerConfig::new(address.ip(), true, connections.to_vec());
    ResolverConfig::from_parts(None, Vec::new(), vec![server])
}

/// What a failed lookup means: only "there is no such name" and "it has no such record" are answers.
fn failure(error: &NetError) -> Answer {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => Answer::Absent("its key is not in DNS any more, or never was".to_owned()),
            ResponseCode::NoError => Answer::Absent("no key stands in DNS".to_owned()),
            code => Answer::Unreachable(format!("the server answered {code}")),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => Answer::Unreachable(format!("the server answered {code}")),
        NetError::Timeout => Answer::Unreachable("no answer in time".to_owned()),
        NetError::Io(error) => Answer::Unreachable(error.kind().to_string()),
        error => Answer::Unreachable(error.to_string()),
    }
}
