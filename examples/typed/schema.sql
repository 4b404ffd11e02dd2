-- The one source: the Go types of the store, the document of the API and the types of the page come from here.
CREATE TABLE cocktails (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  glass TEXT NOT NULL,
  note  TEXT,
  likes INTEGER NOT NULL DEFAULT 0
);
