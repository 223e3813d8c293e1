//! Pluggy (Open Finance in Brazil) as values: requests are built, answers are judged.
//!
//! Knows no socket, clock, file or vault: the present instant and the answers of the server are arguments.
