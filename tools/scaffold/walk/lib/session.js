export async function sessionOf(id) {
  return { id, since: 1795824000 };
}
