//! Renders every template, with friendly and with hostile data, and checks what comes out.

mod data;
mod frames;
mod markup;
mod pages;
mod words_used;
