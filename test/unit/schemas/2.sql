-- The tables of version 2, with a row in each.
CREATE TABLE meta (
  key TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE page (
  page TEXT NOT NULL PRIMARY KEY,
  path TEXT NOT NULL,
  build TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  frame INTEGER NOT NULL,
  event INTEGER NOT NULL,
  built INTEGER NOT NULL,
  rest INTEGER,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE cell (
  page TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (page, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE due (
  page TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (page, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE job (
  job TEXT NOT NULL PRIMARY KEY,
  open INTEGER NOT NULL,
  created INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE part (
  job TEXT NOT NULL,
  type TEXT NOT NULL,
  n INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (job, type, n)
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', 2);
INSERT INTO page VALUES ('p1', '/report/7?year=2026', 'b1', 1, 12, 7, 2, NULL, 1793000000000, 1793000000500);
INSERT INTO cell VALUES ('p1', 'a', '1');
INSERT INTO due VALUES ('p1', 'timer', 20);
INSERT INTO job VALUES ('j', 1, 2, '{}');
INSERT INTO part VALUES ('j', 'args', 0, '[1]'), ('j', 'chunk', 0, '"a"'), ('j', 'chunk', 1, '"b"');
