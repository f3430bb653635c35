//! The panel as people meet it: real browsers with real logins, and shops that sell while they look on.

mod chromium;
mod line;
mod live;
mod looks;
mod rehearsal;
mod resume;
mod scene;
mod scriptless;
mod staff;
mod window;
