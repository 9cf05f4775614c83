//! The trash.

use docket::accounts::User;
use docket::error::Code;
use docket::paging::Wanted;
use docket::rows::Expected;
use docket::trash::Trashed;
use docket::trash::service::{empty, page, remove, restore, restore_all};
use docket::{background, lists, todos};

use crate::support::{World, days, refused};

async fn contents(world: &World, user: &User) -> Vec<Trashed> {
    page(&world.docket, user.id, &Wanted::first(100)).await.unwrap().rows
}

#[tokio::test]
async fn a_deleted_todo_comes_back_where_it_was() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    world.todo(&ann, &list, "a").await;
    let b = world.todo(&ann, &list, "b").await;
    world.todo(&ann, &list, "c").await;
    todos::service::delete(&world.docket, ann.id, b.id, &Expected::Any).await.unwrap();
    assert_eq!(world.titles(&ann, &list).await, ["a", "c"]);
    let trash = contents(&world, &ann).await;
    assert_eq!((trash[0].id, trash[0].is_list, trash[0].list_name.as_deref()), (b.id, false, Some("l")));
    restore(&world.docket, ann.id, b.id).await.unwrap();
    assert_eq!(world.titles(&ann, &list).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn what_comes_back_is_answered_with_the_version_it_has() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let (a, b) = (world.todo(&ann, &list, "a").await, world.todo(&ann, &list, "b").await);
    let version = async |id| todos::service::get(&world.docket, ann.id, id).await.unwrap().version;
    todos::service::delete(&world.docket, ann.id, a.id, &Expected::Any).await.unwrap();
    let restored = restore(&world.docket, ann.id, a.id).await.unwrap();
    assert_eq!((restored, restored > a.version), (version(a.id).await, true));
    todos::service::delete(&world.docket, ann.id, b.id, &Expected::Any).await.unwrap();
    let restored = restore_all(&world.docket, ann.id, &[a.id, b.id]).await.unwrap();
    assert_eq!(restored, [(b.id, version(b.id).await)], "only what was in the trash");
}

#[tokio::test]
async fn a_deleted_list_takes_its_todos_along_and_brings_them_back() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let a = world.todo(&ann, &list, "a").await;
    let b = world.todo(&ann, &list, "b").await;
    todos::service::delete(&world.docket, ann.id, b.id, &Expected::Any).await.unwrap();
    lists::service::delete(&world.docket, ann.id, list.id, &Expected::Any).await.unwrap();
    let trash = contents(&world, &ann).await;
    assert_eq!(trash.len(), 1, "what was deleted before waits inside");
    assert_eq!((trash[0].id, trash[0].todo_count), (list.id, 1));
    let gone =
        todos::service::change(&world.docket, ann.id, a.id, todos::service::Change::default(), &Expected::Any).await;
    assert_eq!(refused(gone).code(), Code::NotFound);
    assert_eq!(refused(restore(&world.docket, ann.id, b.id).await).code(), Code::NotFound);
    restore(&world.docket, ann.id, list.id).await.unwrap();
    assert_eq!(world.titles(&ann, &list).await, ["a"]);
    assert_eq!(contents(&world, &ann).await.len(), 1);
}

#[tokio::test]
async fn what_is_removed_is_gone() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let todo = world.todo(&ann, &list, "a").await;
    assert_eq!(refused(remove(&world.docket, ann.id, todo.id).await).code(), Code::NotFound, "only from the trash");
    todos::service::delete(&world.docket, ann.id, todo.id, &Expected::Any).await.unwrap();
    remove(&world.docket, ann.id, todo.id).await.unwrap();
    assert_eq!(refused(restore(&world.docket, ann.id, todo.id).await).code(), Code::NotFound);
    lists::service::delete(&world.docket, ann.id, list.id, &Expected::Any).await.unwrap();
    empty(&world.docket, ann.id).await.unwrap();
    assert!(contents(&world, &ann).await.is_empty());
}

#[tokio::test]
async fn the_trash_is_emptied_after_thirty_days_and_not_before() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let todo = world.todo(&ann, &list, "a").await;
    todos::service::delete(&world.docket, ann.id, todo.id, &Expected::Any).await.unwrap();
    world.wait(days(29));
    background::clean(&world.docket).await.unwrap();
    assert_eq!(contents(&world, &ann).await.len(), 1);
    world.wait(days(2));
    background::clean(&world.docket).await.unwrap();
    assert!(contents(&world, &ann).await.is_empty());
    assert_eq!(world.names(&ann).await, ["l"]);
}

#[tokio::test]
async fn somebody_elses_trash_is_not_there() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let list = world.list(&ann, "l").await;
    lists::service::delete(&world.docket, ann.id, list.id, &Expected::Any).await.unwrap();
    assert!(contents(&world, &eve).await.is_empty());
    assert_eq!(refused(restore(&world.docket, eve.id, list.id).await).code(), Code::NotFound);
    assert_eq!(refused(remove(&world.docket, eve.id, list.id).await).code(), Code::NotFound);
    empty(&world.docket, eve.id).await.unwrap();
    assert_eq!(contents(&world, &ann).await.len(), 1);
}
