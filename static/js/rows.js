// [data-rows]: a blank row of its template is added in place; without scripts the button asks the server for more rows.
function begin() {
  for (const rows of document.querySelectorAll("[data-rows]")) {
    const body = rows.querySelector("tbody");
    const blank = rows.querySelector("template");
    rows.querySelector("[data-rows-add]").addEventListener("click", (event) => {
      event.preventDefault();
      const number = body.rows.length;
      if (number >= Number(rows.dataset.most)) return;
      const row = blank.content.firstElementChild.cloneNode(true);
      for (const input of row.querySelectorAll("[name]")) {
        input.name = input.name.replace("NUMBER", String(number));
        input.id = input.id.replace("NUMBER", String(number));
      }
      body.append(row);
      row.querySelector("[name]").focus();
    });
  }
}
begin();
