//! The same in the panel: from the page of an order through the steps of its return.

use actix_web::{cookie::Cookie, http::StatusCode};

use super::{Counter, picture};
use crate::{
    app::{ORIGIN, post},
    panel::{form, log_in, open},
    seed::STAFF,
};

/// The first value of a field of a page's forms.
fn field(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split(start.as_str())
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("no {name}"))
        .to_owned()
}

async fn send(counter: &Counter, cookie: &Cookie<'static>, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = counter.scene.app.call(form(path, fields).cookie(cookie.clone())).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
    answer.header("location").unwrap().to_owned()
}

#[actix_web::test]
async fn the_panel_leads_from_the_order_to_the_return_and_through_its_steps() {
    let counter = Counter::open().await;
    let scene = &counter.scene;
    let cookie = log_in(&scene.app, STAFF).await;
    let see = async |path: &str| {
        let page = open(&scene.app, &cookie, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        page.text
    };
    let new = format!("/returns/new?order={}", counter.order);
    assert!(see(&format!("/orders/{}", counter.order)).await.contains(&format!("href=\"{new}\"")));
    let page = see(&new).await;
    assert!(page.contains("Beans") && page.contains("Sold: 1"), "{page}");
    let deed = field(&page, "deed");
    let fields = |quantity| {
        [
            ("order", counter.order.as_str()),
            ("deed", &deed),
            ("reason", "late"),
            ("note", "<b>torn</b>"),
            ("quantity-1", quantity),
        ]
    };
    let wrong = scene.app.call(form("/returns", &fields("2")).cookie(cookie.clone())).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("more than there is to return") && wrong.text.contains("&#60;b&#62;torn"),
        "{}",
        wrong.text
    );
    let path = send(&counter, &cookie, "/returns", &fields("1")).await;
    assert_eq!(send(&counter, &cookie, "/returns", &fields("1")).await, path, "sent twice it is one return");
    let path = path.split('?').next().unwrap().to_owned();
    assert_eq!(path, format!("/returns/{deed}"));

    let step = async |more: &[(&str, &str)]| {
        let page = see(&path).await;
        let (version, deed) = (field(&page, "version"), field(&page, "deed"));
        let fields: Vec<_> =
            [("version", version.as_str()), ("deed", deed.as_str())].into_iter().chain(more.iter().copied()).collect();
        send(&counter, &cookie, &format!("{path}/step"), &fields).await
    };
    let said = |word: &str| format!("{path}?said=return-{word}");
    assert_eq!(step(&[("step", "close")]).await, said("illegal_step"));
    assert_eq!(step(&[("step", "accept")]).await, said("moved"));
    assert_eq!(step(&[("step", "receive"), ("received-1", "many")]).await, said("bad_quantity"));
    assert_eq!(step(&[("step", "receive"), ("received-1", "1")]).await, said("moved"));
    assert_eq!(step(&[("step", "decide"), ("decision-1", "")]).await, said("not_decided"));
    assert_eq!(step(&[("step", "decide"), ("decision-1", "scrap")]).await, said("moved"));
    let commented =
        send(&counter, &cookie, &format!("{path}/comments"), &[("deed", &counter.order), ("text", "<i>seam</i>")])
            .await;
    assert_eq!(commented, said("commented"));
    assert_eq!(step(&[("step", "close")]).await, said("moved"));

    let told = see(&said("illegal_step")).await;
    assert!(told.contains("Somebody was faster") && told.contains("&#60;i&#62;seam"), "{told}");
    let list = see("/returns?state=closed").await;
    assert!(list.contains("RT-1") && list.contains(&format!("href=\"{path}\"")), "{list}");
    assert!(see(&format!("/orders/{}", counter.order)).await.contains("RT-1"));

    let merchants = log_in(&scene.app, &scene.world.coffee.user).await;
    let page = open(&scene.app, &merchants, &path).await;
    assert!(page.text.contains("RT-1") && !page.text.contains("name=\"deed\""), "{}", page.text);
    let refused = scene.app.call(form(&format!("{path}/step"), &[("step", "close")]).cookie(merchants.clone())).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(open(&scene.app, &merchants, &new).await.status, StatusCode::FORBIDDEN);
    let outdoor = log_in(&scene.app, &scene.world.outdoor.admin).await;
    for path in [&path, &new] {
        assert_eq!(open(&scene.app, &outdoor, path).await.status, StatusCode::NOT_FOUND);
    }
}

#[actix_web::test]
async fn the_panel_takes_photos_and_says_which_file_it_does_not_take() {
    let counter = Counter::open().await;
    let scene = &counter.scene;
    let cookie = log_in(&scene.app, STAFF).await;
    let path = format!("/returns/{}", counter.open_return().await["id"].as_str().unwrap());
    let page = open(&scene.app, &cookie, &path).await.text;
    let send = async |deed: &str, name: &str, bytes: &[u8]| {
        let mut body = format!("--x\r\ncontent-disposition: form-data; name=\"deed\"\r\n\r\n{deed}\r\n").into_bytes();
        body.extend(
            format!("--x\r\ncontent-disposition: form-data; name=\"photos\"; filename=\"{name}\"\r\n\r\n").bytes(),
        );
        body.extend(bytes);
        body.extend(b"\r\n--x--\r\n");
        let request = post(&format!("{path}/photos")).insert_header(("origin", ORIGIN)).cookie(cookie.clone());
        scene
            .app
            .call(request.insert_header(("content-type", "multipart/form-data; boundary=x")).set_payload(body))
            .await
    };
    let deed = field(&page, "deed");
    for _ in 0..2 {
        let taken = send(&deed, "bag.png", &picture()).await;
        assert_eq!(
            taken.header("location"),
            Some(format!("{path}?said=return-photographed").as_str()),
            "{}",
            taken.text
        );
    }
    let page = open(&scene.app, &cookie, &path).await.text;
    assert_eq!(page.matches("class=\"photo\"").count(), 1, "sent twice it is there once");
    let refused = send(&counter.order, "bag.svg", b"<svg/>").await;
    assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", refused.text);
    assert!(refused.text.contains("bag.svg"), "{}", refused.text);
    let page = open(&scene.app, &cookie, &path).await.text;
    assert_eq!(page.matches("class=\"photo\"").count(), 1, "nothing of it was kept");
}
