//! Files: kept as what their bytes say, given to whom they concern, and never run by a browser.

use actix_web::{
    http::{Method, StatusCode},
    test::TestRequest,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Call, Scene, href, made};
use crate::app::{Answer, HOST, bearer, peer};

/// Sends bytes; staff say for which store.
pub async fn upload(scene: &Scene, token: &str, name: &str, bytes: &[u8], is_staff: bool) -> Answer {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("name", name);
    if is_staff {
        query.append_pair("store", &scene.world.coffee.store.to_string());
    }
    let uri = format!("/api/v1/attachments?{}", query.finish());
    let request = TestRequest::post().uri(&uri).peer_addr(peer(1)).insert_header(("host", HOST));
    scene.app.call(request.insert_header(bearer(token)).set_payload(bytes.to_vec())).await
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], data].concat()
}

/// A photo with the place where it was taken.
fn photo(width: u16, height: u16) -> Vec<u8> {
    let frame = [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0 52.5163 N 13.3777 E";
    let parts = [segment(0xe1, exif), segment(0xc0, &frame), segment(0xda, &[1, 1, 0, 0, 63, 0]), vec![0x12, 0x34]];
    [b"\xff\xd8".to_vec(), parts.concat(), b"\xff\xd9".to_vec()].concat()
}

const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

#[actix_web::test]
async fn i4_files_are_what_their_bytes_say_whatever_they_are_called() {
    let scene = Scene::start().await;
    let polyglot = [GIF, b"<script>alert(1)</script>"].concat();
    let refused: [(&str, Vec<u8>); 8] = [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        ("page.txt", b"<!doctype html><script>alert(1)</script>".to_vec()),
        ("photo.png", b"\x89PNG\r\n\x1a\n and nothing more".to_vec()),
        ("photo.jpg", photo(10_000, 10_000)),
        ("photo.jpg", photo(64, 64)[..30].to_vec()),
        ("run.exe", b"MZ\x90\0\x03".to_vec()),
        ("archive.txt", b"PK\x03\x04\x14\0".to_vec()),
        ("empty.txt", Vec::new()),
    ];
    for (name, bytes) in &refused {
        upload(&scene, &scene.user, name, bytes, false).await.assert_problem(415, "bad_type");
    }
    let names = ["wet\u{202e}gpj.exe", "a\0b.html", "../../etc/passwd", "", "C:\\boxes\\wet.svg", "\u{1f4e6}", ".gif"];
    let mut kept = Vec::new();
    for number in 0..98 {
        let name = format!("{}{}", names[number % names.len()], "x".repeat(number * 3));
        let (bytes, kind) = match number % 3 {
            0 => (photo(64, 48), "image/jpeg"),
            1 => (GIF.to_vec(), "image/gif"),
            _ => (polyglot.clone(), "image/gif"),
        };
        let made = made(&upload(&scene, &scene.user, &name, &bytes, false).await);
        assert_eq!(made["media_type"], kind, "{name}");
        let shown = made["name"].as_str().unwrap();
        assert!(shown.chars().count() <= 120 && !shown.contains(['/', '\\', '\0', '\u{202e}']), "{shown:?}");
        assert!(shown.ends_with(if kind == "image/gif" { ".gif" } else { ".jpg" }), "{shown:?}");
        kept.push(made);
    }
    for file in kept.iter().take(6) {
        let answer = get(&scene, &scene.user, file).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), file["media_type"].as_str());
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("private, max-age=3600"));
        assert!(answer.header("content-disposition").unwrap().starts_with("inline; filename*=UTF-8''"));
        assert!(!answer.text.contains("52.5163") && !answer.text.contains("script"), "{}", answer.text);
    }
    let list = made(&upload(&scene, &scene.user, "list.csv", b"sku,stock\n=cmd(),1\n", false).await);
    let answer = get(&scene, &scene.user, &list).await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment; "));
}

async fn get(scene: &Scene, token: &str, file: &Value) -> Answer {
    scene.send(Call { token, version: None, key: None }, Method::GET, href(file), &json!(null)).await
}

#[actix_web::test]
async fn i4_fifty_files_at_once_are_all_kept_and_one_that_is_too_large_is_not() {
    let scene = Scene::start().await;
    let bytes = photo(64, 48);
    let answers = join_all((0..50).map(|number| {
        let (scene, bytes) = (&scene, &bytes);
        async move { upload(scene, &scene.user, &format!("{number}.jpg"), bytes, false).await }
    }))
    .await;
    let ids: std::collections::BTreeSet<String> = answers.iter().map(|answer| made(answer)["id"].to_string()).collect();
    assert_eq!(ids.len(), 50);
    let large = vec![b'x'; (10 << 20) + 1];
    upload(&scene, &scene.user, "large.txt", &large, false).await.assert_problem(413, "too_large");
}

#[actix_web::test]
async fn a_file_is_its_uploaders_until_something_carries_it_and_then_theirs_who_see_that() {
    let scene = Scene::start().await;
    upload(&scene, &scene.staff, "a.gif", GIF, false).await.assert_problem(422, "store_needed");
    let file = made(&upload(&scene, &scene.user, "wet.gif", GIF, false).await);
    let outdoor = scene.app.log_in(&scene.world.outdoor.admin).await;
    for token in [&scene.owner, &scene.staff, &outdoor] {
        assert_eq!(scene.app.status(token, href(&file)).await, StatusCode::NOT_FOUND, "it is loose");
    }
    let ticket = scene.open(&scene.user).await;
    let path = format!("{}/messages", href(&ticket));
    let words = json!({"text": "", "attachments": [file["id"]]});
    scene.post(&scene.owner, &path, &words).await.assert_problem(422, "not_yours");
    made(&scene.post(&scene.user, &path, &words).await);
    for (token, status) in [
        (&scene.user, StatusCode::OK),
        (&scene.owner, StatusCode::OK),
        (&scene.staff, StatusCode::OK),
        (&outdoor, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(scene.app.status(token, href(&file)).await, status);
    }
    scene.post(&scene.user, &path, &words).await.assert_problem(422, "not_yours");
    let page = scene.app.fetch(&scene.owner, href(&ticket)).await;
    assert_eq!(page["messages"][1]["attachments"][0]["name"], "wet.gif");
}
