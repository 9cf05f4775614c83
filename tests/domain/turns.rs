//! Writes of one owner wait for each other.

use std::time::Duration;

use uuid::Uuid;

use crate::support::World;

#[tokio::test]
async fn writes_of_one_owner_wait_for_each_other_and_others_do_not() {
    if !testing::on_servers() {
        return; // SQLite has one writer.
    }
    let world = World::new().await;
    let other = world.another_node().await;
    let (ann, bob) = (Uuid::now_v7(), Uuid::now_v7());
    let first = world.docket.db.write_for(ann).await.unwrap();
    let waits = tokio::time::timeout(Duration::from_millis(200), other.db.write_for(ann)).await;
    assert!(waits.is_err());
    other.db.write_for(bob).await.unwrap();
    drop(first);
    // Whoever stopped waiting holds nobody up.
    for docket in [&world.docket, &other, &world.docket] {
        let turn = tokio::time::timeout(Duration::from_secs(4), docket.db.write_for(ann)).await;
        turn.unwrap().unwrap().commit().await.unwrap();
    }
}
