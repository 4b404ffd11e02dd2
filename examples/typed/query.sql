-- name: ListCocktails :many
SELECT * FROM cocktails WHERE sqlc.narg(glass) IS NULL OR glass = sqlc.narg(glass) ORDER BY name LIMIT sqlc.arg(most);

-- name: GetCocktail :one
SELECT * FROM cocktails WHERE id = ?;

-- name: CreateCocktail :one
INSERT INTO cocktails (name, glass, note) VALUES (?, ?, ?) RETURNING *;

-- name: LikeCocktail :one
UPDATE cocktails SET likes = likes + 1 WHERE id = ? RETURNING *;

-- name: DeleteCocktail :execrows
DELETE FROM cocktails WHERE id = ?;
