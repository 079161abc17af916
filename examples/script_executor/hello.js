export default function main(name = 'world') {
  console.log(`Hello ${name}!`);
}
