export default function Page() {
  return <p>The page stays with Next.js.</p>;
}
