export default async function main() {
  console.log('This takes five seconds.');
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  console.log('Done.');
}
