//! The ladder of keys on simulated stores whose hosts spoil it.

use storesim::{Faults, FleetConfig, ShopSettings};
use storewire_domain::AuthScheme;
use storewire_woo::{
    Failure, Keys, ListQuery, Patch, Site, StoreClient, discover, discover_plain, normalise_plain_store_url,
    normalise_store_url, probe,
};

use crate::simulator::{fleet, start};

#[tokio::test]
async fn each_host_is_given_the_keys_in_the_way_that_it_lets_through() {
    let (fleet, outbound) = fleet().await;
    let drops = Faults { drops_authorization: true, ..Faults::default() };
    let blind = Faults { is_ssl_blind: true, ..Faults::default() };
    let both = Faults { drops_authorization: true, ..blind.clone() };
    for (index, faults, auth) in [
        (1, Faults::default(), AuthScheme::Basic),
        (2, drops, AuthScheme::Query),
        (3, blind, AuthScheme::OAuthPlain),
        (4, both, AuthScheme::OAuthPlain),
    ] {
        let store = &fleet.stores()[index - 1];
        fleet.set_faults(index, faults);
        let found = discover(&outbound, &normalise_store_url(&store.home_url).unwrap()).await.unwrap();
        let keys = Keys::new(&store.consumer_key, &store.consumer_secret);
        let tried = probe(&outbound, &found, &keys).await.unwrap();
        assert_eq!((tried.auth, tried.can_manage_webhooks), (auth, true), "{index}");
        assert_eq!(tried.currency, store.currency);
        let site = Site {
            rest_root: found.rest_root,
            home_url: tried.home_url,
            auth: tried.auth,
            keys,
            plain_http: false,
            timezone: tried.timezone,
        };
        let client = StoreClient::new(outbound.clone(), site.clone());
        let page = client.list_orders(&ListQuery { per_page: 5, ..ListQuery::default() }).await.unwrap();
        let order = &page.items[0].as_ref().unwrap().value.remote_id;
        client.update_order(order, &Patch::from_iter([("customer_note".to_owned(), "gift".into())])).await.unwrap();

        // Its host is set up anew, and the way of the first day no longer works.
        fleet.set_faults(index, Faults { is_ssl_blind: auth == AuthScheme::Basic, ..Faults::default() });
        let way = client.find_auth().await.unwrap();
        assert_eq!(way, if auth == AuthScheme::Basic { AuthScheme::OAuthPlain } else { AuthScheme::Basic });
    }
    fleet.stop().await;
}

#[tokio::test]
async fn a_shop_without_https_is_connected_by_choice_and_signed_for() {
    let shops = vec![ShopSettings { is_plain: Some(true), ..ShopSettings::default() }];
    let (fleet, outbound) = start(FleetConfig { stores: 1, shops, ..FleetConfig::default() }).await;
    let store = &fleet.stores()[0];
    assert_eq!(normalise_store_url(&store.home_url).unwrap_err().code(), "url_plaintext");
    let shop = normalise_plain_store_url(&store.home_url).unwrap();
    assert_eq!(discover(&outbound, &shop).await.unwrap_err().class, Failure::Refused);
    let found = discover_plain(&outbound, &shop).await.unwrap();
    assert!(found.plain_http);
    let keys = Keys::new(&store.consumer_key, &store.consumer_secret);
    let tried = probe(&outbound, &found, &keys).await.unwrap();
    assert_eq!((tried.auth, tried.can_manage_webhooks), (AuthScheme::OAuth, true));
    let wrong = Keys::new(&store.consumer_key, "cs_wrong");
    assert_eq!(probe(&outbound, &found, &wrong).await.unwrap_err().class, Failure::AuthRejected);
    let site = Site {
        rest_root: found.rest_root,
        home_url: tried.home_url,
        auth: tried.auth,
        keys,
        plain_http: found.plain_http,
        timezone: tried.timezone,
    };
    let client = StoreClient::new(outbound.clone(), site.clone());
    let page = client.list_orders(&ListQuery { per_page: 5, ..ListQuery::default() }).await.unwrap();
    let order = &page.items[0].as_ref().unwrap().value.remote_id;
    client.update_order(order, &Patch::from_iter([("customer_note".to_owned(), "gift".into())])).await.unwrap();
    assert_eq!(client.index().await.unwrap().home.as_str(), store.home_url);
    assert_eq!(client.rediscover().await.unwrap().rest_root, site.rest_root);
    let unchosen = StoreClient::new(outbound, Site { plain_http: false, ..site });
    assert_eq!(unchosen.list_orders(&ListQuery::default()).await.unwrap_err().class, Failure::Refused);
    fleet.stop().await;
}

#[tokio::test]
async fn a_shop_whose_clock_is_an_hour_off_is_signed_for_by_its_clock() {
    for skew in [3_600, -3_600] {
        let (fleet, outbound) = start(FleetConfig { stores: 1, ..FleetConfig::default() }).await;
        let store = &fleet.stores()[0];
        fleet.set_faults(1, Faults { is_ssl_blind: true, clock_skew_seconds: skew, ..Faults::default() });
        let found = discover(&outbound, &normalise_store_url(&store.home_url).unwrap()).await.unwrap();
        let keys = Keys::new(&store.consumer_key, &store.consumer_secret);
        assert_eq!(probe(&outbound, &found, &keys).await.unwrap().auth, AuthScheme::OAuthPlain, "{skew}");
        fleet.stop().await;
    }
}
