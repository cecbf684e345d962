// A shield: what must be undone is undone, although everything around it has been cancelled.
async function bookTrip({ sleep, shield }) {
  await sleep(200);
  console.log("seat reserved");
  try {
    await sleep(5000); // waits for the payment
  } catch (error) {
    await shield(({ taskGroup }) =>
      taskGroup({ name: "undo" }, (undo) => {
        undo.createTask(({ sleep: wait }) => wait(400), { name: "release seat" });
        undo.createTask(({ sleep: wait }) => wait(700), { name: "send mail" });
      }),
    );
    console.log("seat released");
    throw error; // a cancellation is passed on
  }
}

async function pay({ sleep }) {
  await sleep(500);
  throw new Error("card refused");
}

export default async function main({ taskGroup }) {
  await taskGroup({ name: "trip" }, (trip) => {
    trip.createTask(bookTrip, { name: "booking" });
    trip.createTask(pay, { name: "payment" });
  });
}
