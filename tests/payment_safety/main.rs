//! How payment safety is proven, beyond what single tests can show.

mod simulation;
