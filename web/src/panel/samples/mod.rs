//! Renders every template, with friendly and with hostile data, and checks what comes out.

mod data;
mod engine_data;
mod faster_page;
mod frames;
mod letter_data;
mod markup;
mod notice_pages;
mod order_desk;
mod order_work;
mod owners;
mod pages;
mod product_pages;
mod rehearsal_pages;
mod request_pages;
mod return_pages;
mod staff_pages;
mod stock_pages;
mod ticket_card;
mod ticket_pages;
mod words_used;
