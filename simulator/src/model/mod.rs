//! The service and its terminals.

pub(crate) mod actions;
pub(crate) mod answer;
pub(crate) mod basket;
pub(crate) mod closing;
pub(crate) mod history;
pub(crate) mod ids;
pub(crate) mod listing;
pub(crate) mod logins;
pub(crate) mod node;
pub(crate) mod queue;
pub mod quirks;
pub mod receipts;
pub mod refused;
pub mod scenario;
pub mod settings;
pub(crate) mod terminal;
pub(crate) mod transactions;
