//! The real app in its real window.

mod journeys;
