-- The freezer's memory of a source. Only a cache: thrown away whenever the version in index.py changes.

create table meta (key text primary key, value text not null) without rowid;

-- What was published last. `slot` is the path's shard at the finest cut.
create table items (
  path text primary key,
  slot integer not null,
  name text not null,
  stamp text not null,      -- empty: read it again
  digest text not null,
  size integer not null,
  facts text not null,      -- JSON, see pages.Facts
  not_found integer not null
) without rowid;

create index by_slot on items (slot);

create index not_found on items (path) where not_found;

-- The links of pages. `checked` is off while what a page links to may have changed.
create table pages (path text primary key, links text not null, checked integer not null) without rowid;

create index unchecked on pages (path) where not checked;

-- How many pages link to what begins so (urls.stem): to nothing else does it matter when it goes.
create table linked (stem text primary key, pages integer not null) without rowid;

create table broken (
  page text not null, target text not null, why text not null, primary key (page, target)
) without rowid;

-- Shards that are right as they are. One that isn't here has to be made again.
create table shards (
  number integer primary key, digest text not null, paths integer not null, size integer not null
);

create table notes (number integer not null, text text not null);
