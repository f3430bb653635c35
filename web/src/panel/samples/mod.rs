//! Renders every template, with friendly and with hostile data, and checks what comes out.

mod data;
mod engine_data;
mod frames;
mod markup;
mod pages;
mod rehearsal_pages;
mod staff_pages;
mod words_used;
