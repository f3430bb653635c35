//! A webhook as REST v3 shows it: never its secret, never its failures.

use crate::dates;
use crate::model::webhook::Webhook;
use crate::php_json::{Object, object};
use crate::view::{ALL_METHODS, View};

impl View<'_> {
    #[must_use]
    pub fn webhook(&self, webhook: &Webhook) -> Object {
        let path = format!("webhooks/{}", webhook.id);
        object! {
            "id" => webhook.id,
            "name" => webhook.name.clone(),
            "status" => webhook.status.as_str(),
            "topic" => webhook.topic,
            "resource" => webhook.resource(),
            "event" => webhook.event(),
            "hooks" => webhook.hooks().to_vec(),
            "delivery_url" => webhook.delivery_url.clone(),
            "date_created" => self.local(webhook.created),
            "date_created_gmt" => dates::gmt(webhook.created),
            "date_modified" => self.local_opt(webhook.modified),
            "date_modified_gmt" => webhook.modified.map(dates::gmt),
            "_links" => object! {
                "self" => self.self_link(&path, ALL_METHODS),
                "collection" => self.link("webhooks"),
            },
        }
    }
}
