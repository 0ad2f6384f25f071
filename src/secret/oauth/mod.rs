//! OAuth 2.0 access tokens: a person agrees once, and from then on they are renewed without one.

mod browser;
mod client;
mod device;
mod tokens;

pub use browser::by_browser;
pub use client::Oauth;
pub use device::by_device;
pub use tokens::access_token;
pub use tokens::forget;
