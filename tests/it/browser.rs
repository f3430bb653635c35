//! The panel as people meet it: real browsers with real logins, and shops that sell while they look on.

mod chromium;
mod customers;
mod line;
mod live;
mod looks;
mod notices;
mod orders;
mod placed;
mod rehearsal;
mod requests;
mod resume;
mod returns;
mod scene;
mod scriptless;
mod staff;
mod stock;
mod tickets;
mod window;
