CREATE TABLE cocktails (
	id           TEXT PRIMARY KEY,
	name         TEXT NOT NULL,
	glass        TEXT NOT NULL,
	instructions TEXT NOT NULL
) STRICT;

CREATE TABLE ingredients (
	cocktail TEXT NOT NULL REFERENCES cocktails,
	position INTEGER NOT NULL,
	amount   TEXT NOT NULL,
	name     TEXT NOT NULL,
	words    TEXT NOT NULL, -- the name as search compares it
	PRIMARY KEY (cocktail, position)
) STRICT;

CREATE TABLE users (
	name     TEXT PRIMARY KEY,
	password TEXT NOT NULL, -- hashed, see users.go
	admin    INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
	token   BLOB PRIMARY KEY, -- its SHA-256: who reads the table cannot log in with it
	user    TEXT NOT NULL REFERENCES users,
	expires INTEGER NOT NULL -- seconds of the Unix time
) STRICT;

CREATE TABLE likes (
	cocktail TEXT NOT NULL REFERENCES cocktails,
	user     TEXT NOT NULL REFERENCES users,
	PRIMARY KEY (cocktail, user)
) STRICT;

PRAGMA user_version = 1;
