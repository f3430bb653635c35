//! A fleet on several loopback addresses.

use rustls::pki_types::ServerName;
use storesim::FleetConfig;
use tokio::net::TcpStream;

use crate::client::Lab;

#[tokio::test]
async fn shops_take_the_hosts_by_turns_and_each_host_proves_its_name() {
    let lab = Lab::start(FleetConfig { stores: 5, hosts: 3, ..FleetConfig::default() }).await;
    let hosts = lab.fleet.hosts();
    assert_eq!(hosts.len(), 3);
    for (shop, host) in lab.fleet.stores().iter().zip(hosts.iter().cycle()) {
        assert_eq!(shop.home_url, format!("https://{host}/s/{}", shop.index));
    }
    for host in hosts {
        assert_eq!((host.ip().is_loopback(), host.port()), (true, lab.fleet.addr().port()));
        let stream = TcpStream::connect(host).await.unwrap();
        let name = ServerName::try_from(host.ip().to_string()).unwrap();
        lab.connector().connect(name, stream).await.unwrap();
    }
    lab.fleet.stop().await;
}
