//! Clocks and zones: shops put to the edge of a daylight-saving change, at both ends of the earth, in both storages.

use jiff::Timestamp;
use serde_json::{Value, json};
use storesim::{Faults, FleetConfig, ShopSettings, Storage};

use crate::client::Lab;

fn shop(zone: &str, storage: Storage) -> ShopSettings {
    ShopSettings { zone: Some(zone.to_owned()), storage: Some(storage), ..ShopSettings::default() }
}

async fn at(moment: &str, shops: Vec<ShopSettings>) -> Lab {
    let (now, stores) = (Some(moment.parse().unwrap()), shops.len());
    let lab = Lab::start(FleetConfig { stores, shops, now, ..FleetConfig::default() }).await;
    for index in 1..=stores {
        // The first look ends the history.
        lab.get(index, "orders?per_page=1").await;
    }
    lab
}

/// Puts the clock to a moment and sells something: the order's id.
fn sell_at(lab: &Lab, index: usize, moment: &str) -> u64 {
    lab.fleet.set_now(moment.parse().unwrap());
    lab.fleet.buy(index, None, 1).unwrap()
}

async fn found(lab: &Lab, index: usize, query: &str) -> Vec<u64> {
    let mut ids = lab.get(index, &format!("orders?per_page=100&orderby=id&order=asc&{query}")).await.ids();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn a_fleet_can_be_put_to_any_moment_and_goes_on_from_there() {
    let lab = Lab::of(1).await;
    let told = lab.pull("clock", json!({"now": "2026-03-08T06:58:00Z"})).await;
    assert!(told["now"].as_str().unwrap().starts_with("2026-03-08T06:58:0"));
    let order = lab.fleet.buy(1, None, 1).unwrap();
    let shown = lab.get(1, &format!("orders/{order}")).await;
    assert!(shown.json()["date_created_gmt"].as_str().unwrap().starts_with("2026-03-08T06:58:"));
    assert!(shown.header("date").starts_with("Sun, 08 Mar 2026 06:58:"));
    let history = lab.get(1, "orders?per_page=100&orderby=date&order=desc").await.json();
    assert!(
        history.as_array().unwrap().iter().all(|one| one["date_modified_gmt"].as_str().unwrap() < "2026-03-08T07"),
        "a history that nobody has seen ends before the shop's own present"
    );
    let back = lab.pull("clock", json!({"offset_seconds": 0})).await;
    assert_eq!(back["offset_seconds"], 0);
    for wrong in [json!({}), json!({"now": "soon"}), json!({"now": "2026-03-08T06:58:00Z", "offset_seconds": 1})] {
        assert_eq!(lab.fleet.sim("POST", "clock", &wrong).await.0, 400);
    }
    lab.fleet.set_faults(1, Faults { clock_skew_seconds: -600, ..Faults::default() });
    let late = lab.fleet.buy(1, None, 1).unwrap();
    let shown = lab.get(1, &format!("orders/{late}")).await.json();
    let dated: Timestamp = format!("{}Z", shown["date_created_gmt"].as_str().unwrap()).parse().unwrap();
    assert!((lab.fleet.now().as_second() - dated.as_second() - 600).abs() <= 2);
    lab.fleet.stop().await;
}

#[tokio::test]
async fn zones_at_both_ends_of_the_earth_show_their_own_day() {
    let zones = [
        ("Pacific/Kiritimati", "2026-06-15T14:30:00", "14"),
        ("Pacific/Auckland", "2026-06-15T12:30:00", "12"),
        ("+05:45", "2026-06-15T06:15:00", "5.75"),
        ("America/St_Johns", "2026-06-14T22:00:00", "-2.5"),
        ("Pacific/Honolulu", "2026-06-14T14:30:00", "-10"),
        ("Pacific/Pago_Pago", "2026-06-14T13:30:00", "-11"),
    ];
    let storages = [Storage::Hpos, Storage::Posts];
    let shops = zones.iter().zip(storages.iter().cycle()).map(|((zone, ..), storage)| shop(zone, *storage)).collect();
    let lab = at("2026-06-15T00:00:00Z", shops).await;
    for (index, (zone, local, offset)) in (1..).zip(zones) {
        let order = sell_at(&lab, index, "2026-06-15T00:30:00Z");
        let shown = lab.get(index, &format!("orders/{order}")).await.json();
        assert_eq!(shown["date_created"].as_str().unwrap()[..16], local[..16], "{zone}");
        let told = lab.send(true, "GET", &format!("/s/{index}/wp-json/"), &[], String::new()).await.json();
        let name = if zone.starts_with('+') { "" } else { zone };
        assert_eq!((told["gmt_offset"].as_str(), told["timezone_string"].as_str()), (Some(offset), Some(name)));
        // The one right form of a window finds it in every zone and storage.
        let window = "modified_after=2026-06-15T00:29:00&modified_before=2026-06-15T00:31:00&dates_are_gmt=true";
        assert_eq!(found(&lab, index, window).await, [order], "{zone}");
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_utc_time_inside_the_sites_spring_gap_loses_an_hour_in_both_storages() {
    let shops = vec![shop("Europe/London", Storage::Hpos), shop("Europe/London", Storage::Posts)];
    let lab = at("2026-03-29T00:00:00Z", shops).await;
    for index in [1, 2] {
        let first = sell_at(&lab, index, "2026-03-29T01:40:00Z");
        let second = sell_at(&lab, index, "2026-03-29T02:40:00Z");
        // 01:30 does not exist in London on that day: WordPress reads 02:30.
        let gap = "modified_after=2026-03-29T01:30:00&dates_are_gmt=true";
        assert_eq!(found(&lab, index, gap).await, [second], "store {index}");
        let before = "modified_after=2026-03-29T00:59:59&dates_are_gmt=true";
        assert_eq!(found(&lab, index, before).await, [first, second], "store {index}");
        let zoned = "modified_after=2026-03-29T01:30:00Z";
        assert_eq!(found(&lab, index, zoned).await, [first, second], "an offset without the flag is right in spring");
        lab.fleet.set_now("2026-03-29T00:00:00Z".parse().unwrap());
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn in_the_autumn_hour_a_zoned_time_misleads_posts_and_a_bare_utc_time_is_right_in_both() {
    let shops = vec![shop("Europe/London", Storage::Hpos), shop("Europe/London", Storage::Posts)];
    let lab = at("2026-10-25T00:00:00Z", shops).await;
    for index in [1, 2] {
        // 01:20 and 01:40 in London are 00:20Z and 00:40Z, and an hour later the same wall times again.
        let summer = sell_at(&lab, index, "2026-10-25T00:40:00Z");
        let winter = sell_at(&lab, index, "2026-10-25T01:20:00Z");
        let right = "modified_after=2026-10-25T01:00:00&dates_are_gmt=true";
        assert_eq!(found(&lab, index, right).await, [winter], "store {index}");
        let zoned = found(&lab, index, "modified_after=2026-10-25T01:00:00Z").await;
        let expected = [summer, winter];
        assert_eq!(zoned, expected, "store {index} takes the wall time for the first of the two");
        let later = found(&lab, index, "modified_after=2026-10-25T01:10:00Z").await;
        let missed = found(&lab, index, "modified_after=2026-10-25T00:30:00Z").await;
        if index == 2 {
            assert_eq!(missed, [summer], "posts compare wall times: 01:20 is not after 01:30, though it was later");
        } else {
            assert_eq!((later.len(), missed.len()), (2, 2), "too much, but nothing missing");
        }
        lab.fleet.set_now("2026-10-25T00:00:00Z".parse().unwrap());
    }
    lab.fleet.stop().await;
}

#[tokio::test]
async fn a_shop_migrates_its_orders_and_moves_to_another_zone_while_it_runs() {
    let lab = Lab::of(2).await;
    let before = lab.get(2, "orders?per_page=1").await.json()[0].clone();
    lab.pull("stores/2/settings", json!({"storage": "hpos", "version": "11.0.1", "zone": "Asia/Tokyo"})).await;
    let after = lab.get(2, &format!("orders/{}", before["id"])).await.json();
    assert_eq!(before["date_modified_gmt"], after["date_modified_gmt"]);
    assert_ne!(before["date_modified"], after["date_modified"]);
    assert_eq!(lab.get(2, "system_status").await.json()["settings"]["HPOS_enabled"], Value::Bool(true));
    assert_eq!(lab.get(2, "refunds").await.status, 200);
    lab.pull("stores/2/settings", json!({"version": "10.2.1"})).await;
    assert_eq!(
        (lab.get(2, "refunds").await.status, lab.get(2, "variations").await.code().as_str()),
        (200, "rest_no_route")
    );
    assert_eq!(lab.fleet.sim("POST", "stores/2/settings", &json!({"zone": "Mars/Olympus"})).await.0, 400);
    lab.fleet.stop().await;
}
