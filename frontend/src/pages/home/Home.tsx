export default function Home() {
  return <h2>Windsock</h2>;
}
