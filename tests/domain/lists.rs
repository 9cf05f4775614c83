//! Lists.

use docket::error::Code;
use docket::lists::ListName;
use docket::lists::service::{Change, LISTS_MAX, all, change, change_telling, create, delete, get};
use docket::rows::{Expected, Place};
use uuid::Uuid;

use crate::support::{World, refused};

fn name(text: &str) -> ListName {
    ListName::parse(text).unwrap()
}

fn to(place: Place) -> Change {
    Change { place: Some(place), ..Change::default() }
}

#[tokio::test]
async fn lists_are_made_renamed_and_marked() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "Groceries").await;
    assert_eq!((list.version, list.open_count, list.favourite), (1, 0, false));
    let wanted = Change { name: Some(name("Food")), favourite: Some(true), place: None };
    let changed = change(&world.docket, ann.id, list.id, wanted, &Expected::version(1)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.favourite, changed.version), ("Food", true, 2));
    assert_eq!(get(&world.docket, ann.id, list.id).await.unwrap(), changed);
}

#[tokio::test]
async fn a_change_tells_what_it_replaced_and_what_is_deleted_what_it_was() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "Groceries").await;
    for (before, after) in [("Groceries", "Food"), ("Food", "Drink")] {
        let change = Change { name: Some(name(after)), ..Change::default() };
        let told = change_telling(&world.docket, ann.id, list.id, change, &Expected::Any).await.unwrap();
        assert_eq!((told.before.name.as_str(), told.now.name.as_str()), (before, after));
    }
    assert_eq!(delete(&world.docket, ann.id, list.id, &Expected::Any).await.unwrap().name, "Drink");
}

#[tokio::test]
async fn favourites_come_first_and_each_kind_keeps_its_order() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let mut lists = Vec::new();
    for text in ["a", "b", "c", "d"] {
        lists.push(world.list(&ann, text).await);
    }
    let favourite = Change { favourite: Some(true), ..Change::default() };
    change(&world.docket, ann.id, lists[3].id, favourite, &Expected::Any).await.unwrap();
    assert_eq!(world.names(&ann).await, ["d", "a", "b", "c"]);
    change(&world.docket, ann.id, lists[0].id, to(Place::Up), &Expected::Any).await.unwrap();
    assert_eq!(world.names(&ann).await, ["d", "a", "b", "c"], "the first of its kind stays");
    change(&world.docket, ann.id, lists[0].id, to(Place::Down), &Expected::Any).await.unwrap();
    assert_eq!(world.names(&ann).await, ["d", "b", "a", "c"]);
    change(&world.docket, ann.id, lists[2].id, to(Place::First), &Expected::Any).await.unwrap();
    assert_eq!(world.names(&ann).await, ["d", "c", "b", "a"]);
    change(&world.docket, ann.id, lists[2].id, to(Place::After(lists[1].id)), &Expected::Any).await.unwrap();
    assert_eq!(world.names(&ann).await, ["d", "b", "c", "a"]);
}

#[tokio::test]
async fn a_stale_version_changes_nothing() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "a").await;
    let rename = |text| Change { name: Some(name(text)), ..Change::default() };
    change(&world.docket, ann.id, list.id, rename("b"), &Expected::version(1)).await.unwrap();
    assert_eq!(
        refused(change(&world.docket, ann.id, list.id, rename("c"), &Expected::version(1)).await).code(),
        Code::VersionConflict
    );
    assert_eq!(world.names(&ann).await, ["b"]);
}

#[tokio::test]
async fn a_repeated_create_makes_one_list_and_a_foreign_id_none() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let id = Uuid::now_v7();
    let first = create(&world.docket, ann.id, id, &name("a")).await.unwrap();
    assert!(first.is_new);
    let again = create(&world.docket, ann.id, id, &name("again")).await.unwrap();
    assert_eq!((again.row, again.is_new), (first.row, false));
    assert_eq!(refused(create(&world.docket, bob.id, id, &name("mine")).await).code(), Code::IdTaken);
    assert!(all(&world.docket, bob.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn somebody_elses_list_is_not_there() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let list = world.list(&ann, "secret").await;
    let rename = Change { name: Some(name("mine")), ..Change::default() };
    assert_eq!(refused(get(&world.docket, eve.id, list.id).await).code(), Code::NotFound);
    assert_eq!(refused(change(&world.docket, eve.id, list.id, rename, &Expected::Any).await).code(), Code::NotFound);
    assert_eq!(refused(delete(&world.docket, eve.id, list.id, &Expected::Any).await).code(), Code::NotFound);
    assert_eq!(get(&world.docket, ann.id, list.id).await.unwrap(), list);
}

#[tokio::test]
async fn there_is_a_limit_that_says_so() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    for n in 0..LISTS_MAX {
        world.list(&ann, &n.to_string()).await;
    }
    assert_eq!(
        refused(create(&world.docket, ann.id, Uuid::now_v7(), &name("one more")).await).code(),
        Code::ValidationFailed
    );
}
