//! The two schemas say the same.

use std::collections::BTreeSet;

use docket::db::Db;

/// A line for each column, key, foreign key and index.
type Facts = BTreeSet<String>;

const SQLITE: &[&str] = &[
    "select 'column ' || t.name || '.' || c.name || ' ' || lower(c.type) || case c.\"notnull\" when 1 then ' not null' else '' end \
     || coalesce(' default ' || c.dflt_value, '') \
     from pragma_table_list t join pragma_table_info(t.name) c where t.schema = 'main' and t.name not like 'sqlite%' and t.name not like '\\_sqlx%' escape '\\'",
    "select 'primary key ' || t.name || '.' || group_concat(c.name) from pragma_table_list t join pragma_table_info(t.name) c \
     where t.schema = 'main' and c.pk > 0 and t.name not like 'sqlite%' and t.name not like '\\_sqlx%' escape '\\' group by t.name",
    "select 'foreign key ' || t.name || '.' || f.\"from\" || ' to ' || f.\"table\" || '.' || f.\"to\" || ' on delete ' || lower(f.on_delete) \
     || ' on update ' || lower(f.on_update) from pragma_table_list t join pragma_foreign_key_list(t.name) f where t.schema = 'main'",
    "select 'index ' || t.name || ' (' || (select group_concat(name, ',') from (select name from pragma_index_info(i.name) order by seqno)) || ')' \
     || case i.\"unique\" when 1 then ' unique' else '' end \
     || coalesce((select lower(substr(sql, instr(lower(sql), ' where '))) from sqlite_master where name = i.name and instr(lower(sql), ' where ') > 0), '') \
     from pragma_table_list t join pragma_index_list(t.name) i where t.schema = 'main' and i.origin <> 'pk' and t.name not like '\\_sqlx%' escape '\\'",
];

const POSTGRES: &[&str] = &[
    "select 'column ' || table_name || '.' || column_name || ' ' || case data_type when 'uuid' then 'blob' when 'bytea' then 'blob' \
     when 'bigint' then 'integer' when 'boolean' then 'integer' else data_type end || case is_nullable when 'NO' then ' not null' else '' end \
     || coalesce(' default ' || case column_default when 'false' then '0' else replace(column_default, '::text', '') end, '') \
     from information_schema.columns where table_schema = 'public' and table_name not like '\\_sqlx%'",
    "select 'primary key ' || c.relname || '.' || string_agg(a.attname, ',' order by array_position(i.indkey::int[], a.attnum::int)) \
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey) \
     where i.indisprimary and c.relnamespace = 'public'::regnamespace and c.relname not like '\\_sqlx%' group by c.relname",
    "select 'foreign key ' || c.relname || '.' || a.attname || ' to ' || f.relname || '.' || b.attname || ' on delete ' \
     || case confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'r' then 'restrict' when 'd' then 'set default' else 'no action' end \
     || ' on update ' || case confupdtype when 'c' then 'cascade' when 'n' then 'set null' when 'r' then 'restrict' when 'd' then 'set default' else 'no action' end \
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid \
     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1] join pg_attribute b on b.attrelid = f.oid and b.attnum = k.confkey[1] \
     where k.contype = 'f'",
    "select 'index ' || c.relname || ' (' || string_agg(a.attname, ',' order by array_position(i.indkey::int[], a.attnum::int)) || ')' \
     || case when i.indisunique then ' unique' else '' end \
     || coalesce(' where ' || lower(translate(pg_get_expr(i.indpred, i.indrelid), '()', '')), '') \
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey) \
     where not i.indisprimary and c.relnamespace = 'public'::regnamespace and c.relname not like '\\_sqlx%' \
     group by c.relname, i.indexrelid, i.indisunique, i.indpred, i.indrelid",
];

async fn facts(url: &str, queries: &'static [&'static str]) -> Facts {
    let db = Db::open(url, 2).await.unwrap();
    db.migrate().await.unwrap();
    let mut conn = db.read().await.unwrap();
    let mut facts = Facts::new();
    for query in queries {
        let lines: Vec<String> = docket::each_engine!(conn, |c| sqlx::query_scalar(*query).fetch_all(c).await).unwrap();
        assert!(!lines.is_empty(), "{query}");
        facts.extend(lines);
    }
    facts
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_keys_and_indexes() {
    if !testing::on_servers() {
        return; // Needs both engines.
    }
    let folder = tempfile::tempdir().unwrap();
    let sqlite = facts(&format!("sqlite:{}", folder.path().join("docket.db").display()), SQLITE).await;
    let postgres = facts(&testing::postgres().fresh_database(), POSTGRES).await;
    let only = |one: &Facts, other: &Facts| one.difference(other).cloned().collect::<Vec<_>>().join("\n");
    assert_eq!(only(&sqlite, &postgres), only(&postgres, &sqlite), "what one schema has (left) and the other not");
}
