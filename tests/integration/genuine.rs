//! Genuine mail in the shape in which each provider hands it over: all of it must be recognised, signature or not.
//!
//! The shapes follow sample mails of 2022 to 2026 (facts §2.3); names, addresses and hosts are replaced.

use crate::support::bench::{AT, Bench};
use crate::support::mails;
use crate::support::sign::{Signer, rsa};

const SUPPORT: &str = "support.facebook.com";

/// A provider's header set.
struct Shape {
    /// An address of its user's.
    email: &'static str,
    /// What the configuration says besides.
    lines: &'static str,
    /// What it writes above a mail.
    head: &'static str,
}

const fn shape(email: &'static str, lines: &'static str, head: &'static str) -> Shape {
    Shape { email, lines, head }
}

const EXAMPLE: &str = "host = \"imap.example.org\"\nauthserv_ids = [\"mx.example.org\"]";
const META: &str = "66-220-155-144.mail-mail.facebook.com";

const SHAPES: &[Shape] = &[
        shape("anna@gmail.com", "", "Delivered-To: anna@gmail.com
Received: by 2002:a05:6402:1a:b0:5d0:1234:5678 with SMTP id x1csp123456; {date}
X-Received: by 2002:a17:906:4a:b0:a9a:1:2 with SMTP id x2mr; {date}
ARC-Seal: i=1; a=rsa-sha256; t=1795000000; cv=none; d=google.com; s=arc-20240605; b=AAAA
ARC-Authentication-Results: i=1; mx.google.com; dkim=pass header.i=@support.facebook.com header.s=s1; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=support.facebook.com
Return-Path: <noreply@support.facebook.com>
Received: from {meta} ({meta}. [66.220.155.144]) by mx.google.com with ESMTPS id x3si for <anna@gmail.com> (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128); {date}
Received-SPF: pass (google.com: domain of noreply@support.facebook.com designates 66.220.155.144 as permitted sender) client-ip=66.220.155.144;
Authentication-Results: mx.google.com;
       dkim=pass header.i=@support.facebook.com header.s=s1 header.b=PMqBOOgZ;
       spf=pass (google.com: domain of noreply@support.facebook.com designates 66.220.155.144 as permitted sender) smtp.mailfrom=noreply@support.facebook.com;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=support.facebook.com"),
        shape("anna@outlook.com", "", "Received: from AM0PR08MB1234.eurprd08.prod.outlook.com (2603:10a6:208:ff::5) by DB9PR08MB5678.eurprd08.prod.outlook.com with HTTPS; {date}
Received: from AM6P195CA0001.EURP195.PROD.OUTLOOK.COM (2603:10a6:209:81::14) by AM0PR08MB1234.eurprd08.prod.outlook.com (2603:10a6:208:ff::5) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.8182.14; {date}
Received: from AM7EUR03FT012.eop-EUR03.prod.protection.outlook.com (2603:10a6:209:81:cafe::8a) by AM6P195CA0001.outlook.office365.com (2603:10a6:209:81::14) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.8182.14 via Frontend Transport; {date}
Authentication-Results: spf=pass (sender IP is 66.220.155.144)
 smtp.mailfrom=support.facebook.com; dkim=pass (signature was verified)
 header.d=support.facebook.com;dmarc=pass action=none
 header.from=support.facebook.com;compauth=pass reason=100
Received-SPF: Pass (protection.outlook.com: domain of support.facebook.com designates 66.220.155.144 as permitted sender) receiver=protection.outlook.com; client-ip=66.220.155.144; pr=C
Received: from {meta} (66.220.155.144) by AM7EUR03FT012.mail.protection.outlook.com (100.127.140.160) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.8182.14 via Frontend Transport; {date}"),
        shape("anna@yahoo.de", "", "X-Apparently-To: anna@yahoo.de; {date}
Return-Path: <noreply@support.facebook.com>
Received: from 127.0.0.1
 by atlas-production.v2-mail-prod1-bf1.omega.yahoo.com pod-id atlas--production-bf1-f5f869c9-28bqw.bf1.yahoo.com with HTTP; {date}
X-Originating-Ip: [66.220.155.144]
Received-SPF: pass (domain of support.facebook.com designates 66.220.155.144 as permitted sender)
Authentication-Results: atlas-production.v2-mail-prod1-bf1.omega.yahoo.com;
 dkim=pass header.i=@support.facebook.com header.s=s1;
 spf=pass smtp.mailfrom=support.facebook.com;
 dmarc=pass(p=REJECT,sp=REJECT) header.from=support.facebook.com;
Received: from 66.220.155.144 (EHLO {meta})
 by 10.222.142.150 with SMTPs
 (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256);
 {date}"),
        shape("anna@aol.com", "", "Received: from 10.217.1.2
 by atlas206.aol.mail.ne1.yahoo.com with HTTPS; {date}
Authentication-Results: atlas206.aol.mail.ne1.yahoo.com;
 dkim=pass header.i=@support.facebook.com header.s=s1;
 dmarc=pass(p=REJECT) header.from=support.facebook.com;"),
        shape("anna@icloud.com", "", "Received: from st43p00im-ztfb10063301.me.com ([17.58.63.179])
\tby ms-asmtp-me-k8s.p00.prod.me.com (Oracle Communications Messaging Server) with ESMTPS; {date}
Received: from {meta} ({meta} [66.220.155.144])
\tby st43p00im-ztfb10063301.me.com (Postfix) with ESMTPS id EC1AC39C0207
\tfor <anna@icloud.com>; {date}
X-ICL-SCORE: 3.333033230041
Authentication-Results: bimi.icloud.com; bimi=none
X-ARC-Info: policy=fail; arc=none
Authentication-Results: arc.icloud.com; arc=none
Authentication-Results: dmarc.icloud.com; dmarc=pass header.from=support.facebook.com
X-DMARC-Info: pass=pass; dmarc-policy=reject; s=r0; d=r1; pdomain=facebook.com
Authentication-Results: dkim-verifier.icloud.com;
\tdkim=pass (1024-bit key) header.d=support.facebook.com header.i=@support.facebook.com header.b=SB8S0d6H
Authentication-Results: spf.icloud.com; spf=pass (spf.icloud.com: domain of noreply@support.facebook.com designates 66.220.155.144 as permitted sender) smtp.mailfrom=noreply@support.facebook.com
Received-SPF: pass (spf.icloud.com: domain of noreply@support.facebook.com designates 66.220.155.144 as permitted sender) receiver=spf.icloud.com"),
        shape("anna@gmx.de", "", "Return-Path: <noreply@support.facebook.com>
Authentication-Results: gmx.net; dkim=pass header.i=@bounce.example.net
Authentication-Results: gmx.net; dkim=pass header.i=@support.facebook.com
Received: from {meta} ([66.220.155.144]) by mx-ha.gmx.net (mxgmx114
 [212.227.17.5]) with ESMTPS (Nemesis) id 1MaJKP-1pWHuy2AM9-00WQcz for
 <anna@gmx.de>; {date}"),
        shape("anna@fastmail.com", "", "Received: from phl-compute-03.internal (phl-compute-03.phl.internal [10.202.2.43])
\tby sloti22d1t06 (Cyrus 3.11.0-alpha0) with LMTPA; {date}
Received: from phl-mx-07.messagingengine.com ([10.202.2.104])
  by phl-compute-03.internal (LMTPProxy); {date}
ARC-Seal: i=1; a=rsa-sha256; cv=none; d=messagingengine.com; s=fm3; t=1795000000; b=AAAA
Authentication-Results: phl-mx-07.messagingengine.com;
    arc=none (no signatures found)
Authentication-Results: phl-mx-07.messagingengine.com;
    dkim=pass (1024-bit rsa key sha256) header.d=support.facebook.com
    header.i=@support.facebook.com header.b=PMqBOOgZ header.a=rsa-sha256 header.s=s1;
    dmarc=pass policy.published-domain-policy=reject
    policy.evaluated-disposition=none (p=reject,d=none) header.from=support.facebook.com;
    x-csa=none; x-ptr=pass smtp.helo={meta} policy.ptr={meta}
Received-SPF: pass
    (support.facebook.com: 66.220.155.144 is authorized) receiver=phl-mx-07.messagingengine.com
Received: from {meta} ({meta} [66.220.155.144])
\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
\tby phl-mx-07.messagingengine.com (Postfix) with ESMTPS id 12345
\tfor <anna@fastmail.com>; {date}"),
        shape("anna@posteo.de", "", "Received: from mailin02.posteo.de ([10.0.0.62])
\tby mail05.posteo.de with LMTP id abc; {date}
Received: from mx01.posteo.de (mailin02.posteo.de [127.0.0.1])
\tby mailin02.posteo.de (Postfix) with ESMTPS id 3ED26216E2
\tfor <anna@posteo.de>; {date}
X-Virus-Scanned: amavisd-new at posteo.de
Authentication-Results: posteo.de; spf=pass smtp.mailfrom=support.facebook.com
Authentication-Results: posteo.de;
\tdkim=pass (1024-bit key) header.d=support.facebook.com header.i=@support.facebook.com header.b=NZXhVc+1;
\tdkim-atps=neutral
X-Posteo-TLS-Received-Status: TLSv1.3
Received: from {meta} ({meta} [66.220.155.144])
\tby mx01.posteo.de (Postfix) with ESMTPS id 4RJ0BK3q2Lz11g3
\tfor <anna@posteo.de>; {date}"),
        shape("anna@mail.de", "", "Received: from postfix05.mail.de (unknown [10.0.121.125]) by mailbox12.mail.de (Postfix) with ESMTPS; {date}
Authentication-Results: mxpostfix02.mail.de; dkim=pass (1024-bit key; unprotected) header.d=support.facebook.com header.i=@support.facebook.com header.b=\"PMqBOOgZ\"; dkim-atps=neutral
Received: from {meta} ({meta} [66.220.155.144]) by mxpostfix02.mail.de (Postfix) with ESMTPS; {date}"),
        shape("anna@yandex.com", "", "Received: from mail-nwsmtp-mxfront-production-main-34.iva.yp-c.yandex.net (mail-nwsmtp-mxfront-production-main-34.iva.yp-c.yandex.net [IPv6:2a02:6b8:c0c:1]) by mxback.mail.yandex.net with LMTP; {date}
Received: from {meta} ({meta} [66.220.155.144]) by mail-nwsmtp-mxfront-production-main-34.iva.yp-c.yandex.net (mxfront/Yandex) with ESMTPS; {date}
Received-SPF: pass (mail-nwsmtp-mxfront-production-main-34.iva.yp-c.yandex.net: domain of support.facebook.com designates 66.220.155.144 as permitted sender)
Authentication-Results: mail-nwsmtp-mxfront-production-main-34.iva.yp-c.yandex.net; spf=pass (no SPF record) smtp.mail=noreply@support.facebook.com; dkim=pass header.i=@support.facebook.com"),
        shape("anna@zohomail.eu", "", "Delivered-To: anna@zohomail.eu
Received-SPF: pass (zohomail.eu: domain of support.facebook.com designates 66.220.155.144 as permitted sender ) client-ip=66.220.155.144;
Authentication-Results: mx.zohomail.eu;
\tdkim=pass;
\tspf=pass (zohomail.eu: domain of support.facebook.com designates 66.220.155.144 as permitted sender)  smtp.mailfrom=noreply@support.facebook.com;
\tdmarc=pass(p=reject dis=none)  header.from=support.facebook.com
Received: from {meta} ({meta} [66.220.155.144]) by mx.zohomail.eu
\twith SMTPS id 1; {date}"),
        shape("anna@ik.me", "", "Received: from mx.infomaniak.com ([unix socket]) by mail-12.infomaniak.com (Cyrus) with LMTPA; {date}
Authentication-Results: mx.infomaniak.com;
\tdkim=pass (1024-bit key; unprotected) header.d=support.facebook.com header.i=@support.facebook.com header.b=\"aa/bb=\"
Received: from {meta} ({meta} [66.220.155.144]) by mx.infomaniak.com (8.14.5/8.14.5) with ESMTP; {date}"),
        shape("anna@riseup.net", "", "Received: from {meta} ({meta} [66.220.155.144]) by mx1.riseup.net (Postfix) with ESMTPS; {date}
Authentication-Results: mx1.riseup.net;
\tdkim=pass (1024-bit key; unprotected) header.d=support.facebook.com header.i=@support.facebook.com header.a=rsa-sha256 header.s=s1 header.b=AAAA;
\tdkim-atps=neutral"),
        shape("anna@disroot.org", "", "Received: from {meta} ({meta} [66.220.155.144]) by disroot.org (Disroot) with ESMTPS; {date}
Authentication-Results: disroot.org; dkim=pass header.d=support.facebook.com; dmarc=pass (policy=reject) header.from=support.facebook.com"),
        shape("anna@mail.ru", "", "Received: from {meta} ([66.220.155.144]:51234) by mx123.mail.ru with esmtp; {date}
Received-SPF: pass (mx123.mail.ru: domain of support.facebook.com designates 66.220.155.144 as permitted sender)
Authentication-Results: mxs.mail.ru; spf=pass (mx123.mail.ru: domain of support.facebook.com designates 66.220.155.144 as permitted sender) smtp.mailfrom=noreply@support.facebook.com smtp.helo={meta};
\t dkim=pass header.d=support.facebook.com; dmarc=pass header.from=noreply@support.facebook.com"),
        // The user's own server: OpenDKIM or rspamd with Postfix, the name said in the configuration.
        shape("anna@example.org", EXAMPLE, "Received: from mx.example.org ([127.0.0.1]) by mail.example.org with LMTP; {date}
Received: from {meta} ({meta} [66.220.155.144])
\tby mx.example.org (Postfix) with ESMTPS id 1 for <anna@example.org>; {date}
Authentication-Results: mx.example.org;
\tdkim=pass header.d=support.facebook.com header.s=s1 header.b=AAAA;
\tdmarc=pass (policy=reject) header.from=support.facebook.com;
\tspf=pass (mx.example.org: domain of noreply@support.facebook.com designates 66.220.155.144 as permitted sender) smtp.mailfrom=noreply@support.facebook.com"),
        shape("anna@example.org", EXAMPLE, "Authentication-Results: mx.example.org 1; dkim=pass (2048-bit key)
\theader.d=\"facebook.com\" header.i=@facebook.com (a (nested) comment; dkim=fail)
\theader.b=\"x;y=\"; DMARC=PASS header.from=Support.Facebook.com"),
        // A hoster's machines under a name of their own, and results in several headers.
        shape("anna@example.org", "host = \"imap.example.org\"\nauthserv_ids = [\"mx.example.org\"]\nrepeats = true\nrelays = [\"*.hoster.example\"]", "Received: from mx7.hoster.example (mx7.hoster.example [198.51.100.7]) by store2.hoster.example with LMTP; {date}
Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=support.facebook.com
Authentication-Results: mx.example.org; dkim=pass header.d=support.facebook.com; dmarc=pass header.from=support.facebook.com
Received: from {meta} ({meta} [66.220.155.144]) by mx7.hoster.example with ESMTPS; {date}"),
        shape("anna@ik.me", "", "Received: from mta-gw.infomaniak.ch (mta-gw.infomaniak.ch [198.51.100.9]) by mail-12.infomaniak.ch with LMTP; {date}
Authentication-Results: mx.infomaniak.com; dkim=pass header.d=support.facebook.com
Received: from {meta} ({meta} [66.220.155.144]) by mta-gw.infomaniak.ch with ESMTPS; {date}"),
        // Another program's header above the one that counts: pypolicyd-spf's, OpenARC's.
        shape("anna@example.org", EXAMPLE, "Authentication-Results: mx.example.org; spf=pass (mailfrom) smtp.mailfrom=support.facebook.com (client-ip=66.220.155.144; helo={meta}; envelope-from=noreply@support.facebook.com; receiver=anna@example.org)
Authentication-Results: mx.example.org; dkim=pass (2048-bit key) header.d=support.facebook.com header.i=@support.facebook.com; dmarc=pass header.from=support.facebook.com
Received: from {meta} ({meta} [66.220.155.144]) by mx.example.org (Postfix) with ESMTPS id 1; {date}"),
        shape("anna@example.org", EXAMPLE, "ARC-Seal: i=1; a=rsa-sha256; d=example.org; s=arc; cv=none; b=AAAA
Authentication-Results: mx.example.org; arc=none smtp.remote-ip=66.220.155.144
Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=66.220.155.144; helo={meta}; envelope-from=noreply@support.facebook.com; receiver=anna@example.org
Authentication-Results: mx.example.org; dkim=pass header.d=support.facebook.com
Received: from {meta} ({meta} [66.220.155.144]) by mx.example.org (Postfix) with ESMTPS id 1; {date}"),
        // IONOS: a header for each signature.
        shape("anna@example.org", "host = \"imap.ionos.de\"", "Return-Path: <noreply@support.facebook.com>
Authentication-Results: kundenserver.de; dkim=pass header.i=@bounce.example.net
Authentication-Results: kundenserver.de; dkim=pass header.i=@support.facebook.com
Received: from {meta} ([66.220.155.144]) by mx.kundenserver.de (mxeue111 [217.72.192.67]) with ESMTPS (Nemesis) id 1MaJKP; {date}"),
        shape("anna@ik.me", "", "Received: from mx-in.infomaniak.ch (mx-in.infomaniak.ch [198.51.100.9]) by mail-12.infomaniak.ch with LMTP; {date}
Authentication-Results: mx-in.infomaniak.ch; dkim=pass header.d=support.facebook.com
Received: from {meta} ({meta} [66.220.155.144]) by mx-in.infomaniak.ch with ESMTPS; {date}"),
        // Amazon SES (facts, headers/2017-11-06).
        shape("anna@example.org", "host = \"imap.example.org\"\nauthserv_ids = [\"amazonses.com\"]", "Return-Path: <noreply@support.facebook.com>
Received: from {meta} ({meta} [66.220.155.144]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id xxxxx for anna@example.org; {date}
Received-SPF: pass (spfCheck: domain of support.facebook.com designates 66.220.155.144 as permitted sender) client-ip=66.220.155.144; envelope-from=noreply@support.facebook.com; helo={meta};
Authentication-Results: amazonses.com; spf=pass (spfCheck: domain of support.facebook.com designates 66.220.155.144 as permitted sender) client-ip=66.220.155.144; envelope-from=noreply@support.facebook.com; helo={meta}; dkim=pass header.i=@support.facebook.com;"),
        // A machine's name that is not the mail domain's.
        shape("anna@mailbox.org", "authserv_ids = [\"mx2.mailbox.org\"]", "Received: from spamfilter02.heinlein-hosting.de (spamfilter02.heinlein-hosting.de [80.241.56.116]) by mailstore4.heinlein-hosting.de with LMTP; {date}
Authentication-Results: mx2.mailbox.org; dkim=pass header.d=support.facebook.com; dmarc=pass header.from=support.facebook.com
Received: from {meta} ({meta} [66.220.155.144]) by spamfilter02.heinlein-hosting.de (Postfix) with ESMTPS; {date}"),
        // Nobody but the signature speaks.
        shape("anna@mailo.com", "host = \"imap.mailo.com\"", "Received: from {meta} by mailo.com; {date}"),
        shape("anna@web.de", "", "Received: from {meta} ([66.220.155.144]) by mx-ha.web.de (mxweb011 [212.227.15.17]) with ESMTPS; {date}"),
];

fn raw(shape: &Shape, message: &str) -> String {
    let head = shape.head.replace("{date}", "Tue, 24 Nov 2026 11:55:00 +0000").replace("{meta}", META);
    format!("{}\r\n{message}", head.replace('\n', "\r\n"))
}

#[test]
fn every_providers_mail_is_recognised() {
    for shape in SHAPES {
        let message = mails::acceptance(shape.email, AT).message();
        let signed = Signer::new(SUPPORT, "s1024").sign(rsa(1024), &message);
        // With the signature verified; with its key gone, so that the server's word is left; and without a signature, which
        // no provider takes out: then dkim=pass is none of the server's words, and dmarc=pass may be.
        let gone = Signer::new(SUPPORT, "gone").sign(rsa(1024), &message);
        let is_silent =
            !shape.head.contains("\nAuthentication-Results") && !shape.head.starts_with("Authentication-Results");
        let is_of_author = shape.head.to_lowercase().contains("dmarc=pass");
        for (message, is_proven) in [(signed, true), (gone, !is_silent), (message, is_of_author)] {
            let mail = raw(shape, &message);
            let judged = Bench::of_account(shape.email, shape.lines).take(&mail);
            let expected = if is_proven { "applied" } else { "sender_unverified" };
            assert_eq!(judged.outcome(), expected, "{}\n{mail}", judged.reason());
        }
    }
}

#[test]
fn in_every_providers_shape_a_forgers_own_results_are_not_believed() {
    let head = |id: &str| {
        format!("Authentication-Results: {id}; dkim=pass header.d={SUPPORT}; dmarc=pass header.from={SUPPORT}\r\n")
    };
    for shape in SHAPES {
        let message = mails::acceptance(shape.email, AT).message();
        let account = Bench::of_account(shape.email, shape.lines);
        // What the provider would write of a mail that nobody signed.
        let denied = Shape { head: Box::leak(without_proof(shape.head).into_boxed_str()), ..*shape };
        for id in account.trusted.authserv_ids.iter().map(own_id).chain(["spf=none".to_owned()]) {
            let mail = raw(&denied, &format!("{}{message}", head(&id)));
            let judged = Bench::of_account(denied.email, denied.lines).take(&mail);
            assert_ne!(judged.verdict(), "authentic", "{}\n{mail}", judged.reason());
        }
    }
}

/// A name that the provider's servers could have.
fn own_id(id: &String) -> String {
    if id.starts_with('.') { format!("mx99{id}") } else { id.clone() }
}

fn without_proof(head: &str) -> String {
    let head =
        head.replace("dkim=pass", "dkim=none").replace("dmarc=pass", "dmarc=none").replace("DMARC=PASS", "DMARC=NONE");
    head.replace("Authentication-Results: gmx.net; dkim=none header.i=@bounce.example.net\n", "")
}

#[test]
fn a_date_with_a_zone_of_one_letter_swallows_no_header() {
    let message = mails::acceptance("anna@example.org", AT).message();
    let date = "Date: Tue, 24 Nov 2026 11:55:00 +0000\r\n";
    let (head, rest) = message.split_once(date).expect("a Date");
    for zone in ["Z", "z", "A", "UT", "GMT", "-0000", "Z (Zulu)", " +0000 (UTC)"] {
        let written = format!("Date: Tue, 24 Nov 2026 11:55:00 {zone}\r\n");
        let placed = [
            format!("{head}{written}{rest}"),
            // Before each of the headers that decide, and as the last one.
            rest.replacen("To: ", &format!("{written}To: "), 1),
            rest.replacen("Subject: ", &format!("{written}Subject: "), 1),
            rest.replacen("Content-Type: ", &format!("{written}Content-Type: "), 1),
            rest.replacen("\r\n\r\n", &format!("\r\n{written}\r\n"), 1),
        ];
        for message in placed {
            let signed = Signer::new(SUPPORT, "s1").sign(rsa(2048), &message);
            let received = format!("Received: from a by b; Tue, 24 Nov 2026 11:55:00 Z\r\n{signed}");
            for mail in [received.replace("\r\n", "\n"), received] {
                let judged = Bench::new("anna@example.org").take(&mail);
                let outcome = (judged.outcome(), judged.verdict());
                assert_eq!(outcome, ("applied", "authentic"), "{zone}: {}\n{mail}", judged.reason());
            }
        }
    }
}
