//! Encrypted ways: taken as set, with a certificate that somebody known stands for, or not at all.

use std::{net::SocketAddr, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use storewire_post::{Encryption, Outcome, Post, SmtpConfig};
use storewire_testkit::Mailbox;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    scene::{config, letter, with_login},
    script::{Act::Say, HELLO, Script},
};

/// Takes the encryption off before a mailbox.
struct Wrapper {
    addr: SocketAddr,
    ca_pem: Vec<u8>,
    task: JoinHandle<()>,
}

impl Wrapper {
    async fn start(before: SocketAddr) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let chain = vec![CertificateDer::from(made.cert.der().to_vec())];
        let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let tls = tls.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let acceptor = TlsAcceptor::from(Arc::new(tls.with_single_cert(chain, key).unwrap()));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let Ok(mut client) = acceptor.accept(client).await else { continue };
                let mut server = TcpStream::connect(before).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
        });
        Self { addr, ca_pem: made.cert.pem().into_bytes(), task }
    }
}

impl Drop for Wrapper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_is_set_is_believed_and_any_other_is_not() {
    let mailbox = Mailbox::start().await.unwrap();
    let wrapper = Wrapper::start(mailbox.addr()).await;
    let unknown = SmtpConfig { tls: Encryption::Tls, ..with_login(wrapper.addr) };
    let sent = Post::smtp(unknown.clone()).unwrap().send(&letter()).await;
    assert_eq!(sent.outcome, Outcome::Later, "{sent:?}");
    assert!(sent.said.contains("certificate"), "{sent:?}");
    assert_eq!(mailbox.letters(), []);

    let known = SmtpConfig { ca_pem: Some(wrapper.ca_pem.clone()), ..unknown };
    let sent = Post::smtp(known).unwrap().send(&letter()).await;
    assert_eq!(sent.outcome, Outcome::Sent, "{sent:?}");
    assert!(mailbox.letters()[0].login.is_some());
}

#[tokio::test]
async fn tls_that_is_set_and_absent_is_refused_and_nothing_of_ours_is_said() {
    let [greeting, hello] = HELLO;
    let script = Script::start([greeting, hello]).await;
    let required = SmtpConfig { tls: Encryption::StartTls, ..with_login(script.addr) };
    let sent = Post::smtp(required).unwrap().send(&letter()).await;
    assert_eq!((sent.outcome, sent.said.as_str()), (Outcome::Refused, "the server offers no STARTTLS, which is set"));
    assert_eq!(script.heard().await, ["EHLO storewire.example"]);

    let mailbox = Mailbox::start().await.unwrap();
    let required = SmtpConfig { tls: Encryption::StartTls, ..config(mailbox.addr()) };
    assert_eq!(Post::smtp(required).unwrap().send(&letter()).await.outcome, Outcome::Refused);
    assert_eq!(mailbox.letters(), []);
}

#[tokio::test]
async fn a_server_that_offers_starttls_and_does_not_speak_it_gets_nothing() {
    let offers = Say("250-script.test\r\n250 STARTTLS");
    let script = Script::start([HELLO[0], offers, Say("220 go on"), Say("250 in clear")]).await;
    let required = SmtpConfig { tls: Encryption::StartTls, ..with_login(script.addr) };
    let sent = Post::smtp(required).unwrap().send(&letter()).await;
    assert_eq!(sent.outcome, Outcome::Later, "{sent:?}");
    assert!(script.heard().await.iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL")));
}
