export default function Nav() {
  return <h1>Windsock</h1>;
}
