//! Connections through Codat when little is left of the requests of a day.

use crate::codat::{MADE, begun, config, hours, link, linked};
use connections::connection::Status;

const LOOK: &str = "GET /companies/{}/connections/{}";
const LIST: &str = "GET /companies";

#[tokio::test]
async fn what_is_left_of_a_day_is_the_persons() {
    let (world, codat, core) = begun().await;
    let (attempt, _) = link(&core).await;
    // The tests' day began eight hours ago.
    codat.leaves(100, "2027-01-16T00:00:00Z");
    core.list_codat(&config()).await.unwrap();
    codat.set(MADE, "Linked");
    let before = (codat.asked(LOOK), codat.asked(LIST));
    hours(&world, 15).await;
    assert_eq!((codat.asked(LOOK), codat.asked(LIST)), before, "nothing is asked that nobody asks for");
    // What the person asks is asked.
    core.sync_codat(&linked(), None).await.unwrap();
    core.list_codat(&config()).await.unwrap();
    assert_eq!(core.connection(&attempt.key).unwrap().status, Status::Linked);
    // What was begun is followed on the next day.
    assert!(core.connection(&linked()).unwrap().syncing);
    codat.leaves(900, "2027-01-17T00:00:00Z");
    hours(&world, 3).await;
    assert!(!core.connection(&linked()).unwrap().syncing);
}

#[tokio::test]
async fn another_answer_that_leaves_enough_ends_the_waiting() {
    let (world, codat, core) = begun().await;
    let (attempt, _) = link(&core).await;
    codat.leaves(3, "2027-01-16T00:00:00Z");
    core.list_codat(&config()).await.unwrap();
    codat.leaves(1_000, "2027-01-16T00:00:00Z");
    // A company more, and with it a thousand requests more.
    core.list_codat(&config()).await.unwrap();
    codat.set(MADE, "Linked");
    hours(&world, 1).await;
    assert_eq!(core.connection(&attempt.key).unwrap().status, Status::Linked);
}
