//! The service as its clients reach it: over HTTP, with faults on the way.

pub(crate) mod connection;
pub mod control;
pub mod fault;
pub(crate) mod gateway;
pub(crate) mod gzip;
pub(crate) mod sabotage;
pub(crate) mod spelling;
pub(crate) mod state;
