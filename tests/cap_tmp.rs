#![allow(dead_code)]
#[path = "it/captured_content.rs"]
mod captured_content;
#[path = "it/captured_shop.rs"]
mod captured_shop;
#[path = "it/captures.rs"]
mod captures;
#[path = "it/node.rs"]
mod node;
#[path = "it/raw_post.rs"]
mod raw_post;
