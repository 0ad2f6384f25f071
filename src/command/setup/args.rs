//! The options of `tracker setup`.

use std::path::PathBuf;

use clap::ValueEnum;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tracker setup
  tracker setup --email me@gmx.de --password-command 'pass show mail/gmx'
  tracker setup --email me@example.org --host imap.example.org --password-stdin < secret
  tracker setup --email me@outlook.com --oauth microsoft --client-id 00000000-0000-0000-0000-000000000000
  tracker setup --email me@example.org --maildir ~/Maildir

Asks on a terminal for what no option says. Nothing is written before the login worked.")]
pub struct Args {
    /// Your mail address
    #[arg(long, value_name = "ADDR")]
    pub email: Option<String>,
    /// What to call the account [default: from the address's domain]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The IMAP server [default: the known provider's, or what your domain publishes]
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// Its port [default: 993, or 143 with starttls]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// How the connection is protected [default: tls]
    #[arg(long, value_name = "HOW")]
    pub security: Option<Protection>,
    /// The user name [default: the address, or what the provider wants]
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// One more trust root, in PEM
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// A mailbox to read: a name, or \All, \Archive, \Junk (may be repeated) [default: INBOX and \Junk]
    #[arg(long = "mailbox", value_name = "M")]
    pub mailboxes: Vec<String>,
    /// Your provider's server whose word on who sent a mail is believed (may be repeated)
    #[arg(long = "authserv-id", value_name = "ID")]
    pub authserv_ids: Vec<String>,
    /// A command that prints the password
    #[arg(long, value_name = "CMD", group = "secret")]
    pub password_command: Option<String>,
    /// A file with the password
    #[arg(long, value_name = "FILE", group = "secret")]
    pub password_file: Option<PathBuf>,
    /// An environment variable with the password
    #[arg(long, value_name = "VAR", group = "secret")]
    pub password_env: Option<String>,
    /// A command that prints an OAuth 2.0 access token
    #[arg(long, value_name = "CMD", group = "secret")]
    pub token_command: Option<String>,
    /// Log in with the provider's own page (OAuth 2.0): microsoft, google, or a name of yours with --oauth-url
    #[arg(long, value_name = "PROVIDER", group = "secret")]
    pub oauth: Option<String>,
    /// The id of the client that you registered there
    #[arg(long, value_name = "ID", conflicts_with_all = ["password_command", "password_file", "password_env", "token_command", "password_stdin", "maildir", "mbox"])]
    pub client_id: Option<String>,
    /// Read the client's secret, if it has one, from standard input
    #[arg(long, requires = "oauth")]
    pub client_secret_stdin: bool,
    /// An address of its own, such as a tenant's: `token_url=https://…`, `device_url`, `auth_url` (may be repeated)
    #[arg(long = "oauth-url", value_name = "KEY=URL", requires = "oauth", value_parser = oauth_url)]
    pub oauth_urls: Vec<(String, String)>,
    /// Read the password from standard input and keep it in a private file, or with --keyring there
    #[arg(long, group = "secret")]
    pub password_stdin: bool,
    /// Keep the password in the platform's keyring instead of a private file; cron can't read it there
    #[arg(long, conflicts_with_all = ["password_command", "password_file", "password_env", "token_command", "oauth", "maildir", "mbox"])]
    pub keyring: bool,
    /// A Maildir instead of a server
    #[arg(long, value_name = "DIR", conflicts_with_all = ["host", "secret", "mbox"])]
    pub maildir: Option<PathBuf>,
    /// An mbox file instead of a server
    #[arg(long, value_name = "FILE", conflicts_with_all = ["host", "secret"])]
    pub mbox: Option<PathBuf>,
    /// An autoconfig file to find the server by (https) [default: your domain's own]
    #[arg(long, value_name = "URL", conflicts_with = "host")]
    pub autoconfig: Option<String>,
}

fn oauth_url(text: &str) -> Result<(String, String), String> {
    let known = ["device_url", "auth_url", "token_url"];
    text.split_once('=')
        .filter(|(key, _)| known.contains(key))
        .map(|(key, url)| (key.to_owned(), url.to_owned()))
        .ok_or_else(|| format!("write {}=https://…", known.join("=, ")))
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Protection {
    /// TLS from the first byte.
    Tls,
    /// TLS after a command in plain text.
    Starttls,
    /// None; to this machine only.
    Plaintext,
}
