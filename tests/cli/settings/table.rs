//! Wrong configurations: what is set, and the words that the refusal must contain, the key first.

/// The file's content, or a variable of the environment.
#[derive(Clone, Copy, Debug)]
pub enum Set {
    File(&'static str),
    Variable(&'static str, &'static str),
}

use Set::{File, Variable};

pub const WRONG: [(Set, &[&str]); 64] = [
    // Of the wrong type or form.
    (File("server.listen = 8080"), &["server.listen", "127.0.0.1:8080"]),
    (File("server.listen = 'localhost:8080'"), &["server.listen", "127.0.0.1:8080"]),
    (File("server.listen = '127.0.0.1'"), &["server.listen", "address and port"]),
    (File("server.listen = '127.0.0.1:99999'"), &["server.listen", "address and port"]),
    (Variable("SERVER__LISTEN", ":8080"), &["server.listen", "address and port"]),
    (File("server.public_url = 'ops.example.com'"), &["server.public_url", "https://ops.example.com"]),
    (File("server.public_url = 'ops.example.com:443'"), &["server.public_url", "not http"]),
    (File("server.public_url = 'ftp://ops.example.com'"), &["server.public_url", "not http"]),
    (File("server.public_url = 'https://me:pw@ops.example.com'"), &["server.public_url", "login"]),
    (File("server.public_url = 'https://ops.example.com/?a=1'"), &["server.public_url", "after its path"]),
    (File("server.public_url = 'https://ops.example.com/#top'"), &["server.public_url", "after its path"]),
    (Variable("SERVER__PUBLIC_URL", "https://"), &["server.public_url", "https://ops.example.com"]),
    (File("server.trusted_proxies = ['10.0.0.0/99']"), &["server.trusted_proxies", "10.0.0.0/99"]),
    (Variable("SERVER__TRUSTED_PROXIES", "10.0.0.0/8,proxy"), &["server.trusted_proxies", "proxy"]),
    (File("server.delivery_deadline = 10"), &["server.delivery_deadline", "300ms"]),
    (File("server.delivery_deadline = '-5s'"), &["server.delivery_deadline", "less than nothing"]),
    (File("metrics.listen = '9464'"), &["metrics.listen", "127.0.0.1:9464"]),
    (File("database.url = 'mysql://db/storewire'"), &["database.url", "postgresql://"]),
    (File("database.url = 'host=db user=storewire'"), &["database.url", "postgresql://"]),
    (File("database.url = 'postgresql://app:hunter2@db:port/x'"), &["database.url", "postgresql://"]),
    (File("database.url_file = '/nowhere/url'"), &["database.url_file", "/nowhere/url"]),
    (File("database.connections = 'many'"), &["database.connections", "integer"]),
    (File("database.connections = -3"), &["database.connections", "-3"]),
    (Variable("DATABASE__CONNECTIONS", "-3"), &["database.connections", "integer"]),
    (File("database.acquire_timeout = 'soon'"), &["database.acquire_timeout", "300ms"]),
    (File("outbound.allow_networks = ['10.0.0.0/8', 'all']"), &["outbound.allow_networks", "all"]),
    (Variable("OUTBOUND__ALLOW_NETWORKS", "127.0.0.1:8443"), &["outbound.allow_networks", "127.0.0.1:8443"]),
    (File("outbound.ca_file = '/nowhere/ca.pem'"), &["outbound.ca_file", "/nowhere/ca.pem"]),
    (File("outbound.ca_file = '/etc/hostname'"), &["outbound.ca_file", "PEM"]),
    (File("outbound.max_body = '16MB'"), &["outbound.max_body", "integer"]),
    (File("session.ttl = '12 parsecs'"), &["session.ttl", "300ms"]),
    (Variable("SESSION__TTL", "12"), &["session.ttl", "300ms"]),
    (File("log.format = 'xml'"), &["log.format", "json"]),
    (File("log.level = 'loud=very=much'"), &["log.level", "debug"]),
    (File("engine.page_size = 'abc'"), &["engine.page_size", "integer"]),
    (Variable("ENGINE__PULL_INTERVAL", "5"), &["engine.pull_interval", "5m"]),
    (File("engine.delivery_attempts = 100000"), &["engine.delivery_attempts", "100000"]),
    (File("server = 5"), &["server", "invalid type"]),
    // Unknown.
    (File("server.listen_on = '127.0.0.1:1'"), &["listen_on", "expected one of"]),
    (File("sever.listen = '127.0.0.1:1'"), &["sever", "expected one of"]),
    (File("engine.pull_intervall = '5m'"), &["pull_intervall", "expected one of"]),
    (Variable("ENGINE__PULLINTERVAL", "5m"), &["pullinterval", "expected one of"]),
    (Variable("TELEMETRY__LEVEL", "info"), &["telemetry", "expected one of"]),
    // Out of bounds.
    (File("server.delivery_deadline = '0s'"), &["server.delivery_deadline", "300ms"]),
    (File("database.connections = 0"), &["database.connections", "at least 1"]),
    (File("database.intake_connections = 0"), &["database.intake_connections", "at least 1"]),
    (File("database.statement_timeout = '0ms'"), &["database.statement_timeout", "300ms"]),
    (File("outbound.max_body = 0"), &["outbound.max_body", "at least 1"]),
    (File("session.ttl = '0h'"), &["session.ttl", "300ms"]),
    (File("engine.page_size = 0"), &["engine.page_size", "at least 1"]),
    (File("engine.page_size = 500"), &["engine.page_size", "100 at most"]),
    (File("engine.outbox_batch = 101"), &["engine.outbox_batch", "100 at most"]),
    (File("engine.pull_interval = '0s'"), &["engine.pull_interval", "300ms"]),
    (File("engine.lease = '0s'"), &["engine.lease", "300ms"]),
    (File("engine.delivery_attempts = -1"), &["engine.delivery_attempts", "at least 1"]),
    (Variable("ENGINE__COMMITS_AT_ONCE", "0"), &["engine.commits_at_once", "at least 1"]),
    // In contradiction to each other.
    (File("metrics.listen = '127.0.0.1:8080'"), &["server.listen", "metrics.listen", "another port"]),
    (File("outbound.total_timeout = '2s'"), &["outbound.connect_timeout", "outbound.total_timeout"]),
    (File("engine.retry_base = '1h'"), &["engine.retry_base", "engine.retry_cap"]),
    (File("engine.restart_cap = '1ms'"), &["engine.restart_base", "engine.restart_cap"]),
    (File("engine.request_interval_max = '1ms'"), &["engine.request_interval", "engine.request_interval_max"]),
    (
        File("database.url = 'postgresql://x@y/z'\ndatabase.url_file = '/etc/hostname'"),
        &["database.url_file", "keep one"],
    ),
    // No TOML at all.
    (File("server.listen: 127.0.0.1:8080"), &["config.toml", "expected"]),
    (File("server.listen = '127.0.0.1:1"), &["config.toml", "expected"]),
];
