// Groups in groups. A failure stays in the group that handles it; the neighbours go on.
import { exceptStar } from "@cohort/browser";

class SoldOut extends Error {
  name = "SoldOut";
}

async function askShop(name, prices, { taskGroup }) {
  try {
    await taskGroup({ name: `ask ${name}`, limit: 2 }, (shop) => {
      for (const [item, price] of Object.entries(prices)) {
        shop.createTask(
          async ({ sleep }) => {
            await sleep(250 + 10 * price);
            if (price === 0) throw new SoldOut(item);
            return price;
          },
          { name: `${name}: ${item}` },
        );
      }
    });
    console.log(`${name} has everything`);
  } catch (error) {
    // What isn't a SoldOut is thrown on.
    const note = ({ errors: [first] }) => console.log(`${name} has no ${first.message}`);
    await exceptStar(error, [SoldOut, note]);
  }
}

export default async function main({ taskGroup }) {
  await taskGroup({ name: "shops" }, (shops) => {
    const ask = (name, prices) => shops.createTask((task) => askShop(name, prices, task), { name });
    ask("north", { tea: 20, milk: 12, honey: 45, bread: 30 });
    ask("south", { tea: 25, milk: 0, honey: 50, bread: 28 });
    ask("west", { tea: 18, milk: 15, honey: 40 });
  });
}
