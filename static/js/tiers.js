// [data-tiers] reacts to its quantity: the tier reached is marked, unit price and total are shown.
// Inside it: input[name=quantity], tr[data-from][data-price], [data-unit-price], [data-total], and [data-packs] with
// data-per (pieces in a pack). The server works everything out again when the form is sent; this only shows it early,
// in whole millionths so that no float decides a cent.
const MICRO = 6n;

const micros = (text) => {
  const [whole, part = ""] = text.trim().split(".");
  return BigInt(whole || "0") * 10n ** MICRO + BigInt((part + "000000").slice(0, 6));
};

function spell(value, decimals) {
  const scale = 10n ** (MICRO - BigInt(decimals));
  const rounded = (value + scale / 2n) / scale;
  const digits = rounded.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return decimals ? `${whole}.${digits.slice(-decimals)}` : whole;
}

// Ten pieces of a pallet of thirty thousand are a little, and not nothing.
function count(value, decimals) {
  const least = 10n ** (MICRO - BigInt(decimals));
  return value > 0n && value * 2n < least ? `< ${spell(least, decimals)}` : spell(value, decimals);
}

export function watchTiers() {
  for (const box of document.querySelectorAll("[data-tiers]")) watch(box);
}

function watch(box) {
  const input = box.querySelector("input[name=quantity]");
  const rows = [...box.querySelectorAll("tr[data-from]")];
  if (!input || !rows.length) return;
  const symbol = box.dataset.symbol ?? "";
  const show = () => {
    const text = /^\d+(\.\d+)?$/.test(input.value.trim()) ? input.value : "0";
    const quantity = micros(text);
    const reached = rows.filter((row) => micros(row.dataset.from) <= quantity).at(-1) ?? rows[0];
    for (const row of rows) row.classList.toggle("reached", row === reached);
    const price = micros(reached.dataset.price);
    const decimals = price % 10n ** 4n === 0n ? 2 : 4;
    put("[data-unit-price]", symbol + spell(price, decimals));
    put("[data-total]", symbol + spell((price * quantity) / 10n ** MICRO, 2));
    for (const pack of box.querySelectorAll("[data-packs]")) {
      const per = micros(pack.dataset.per);
      if (!per) continue;
      // rounded up in its last place, so that a pack of millions still holds a little
      const packs = (quantity * 10n ** MICRO + per - 1n) / per;
      pack.textContent = count(packs, quantity % per === 0n ? 0 : 2);
    }
    for (const line of box.querySelectorAll("[data-times]")) {
      line.textContent = count((micros(line.dataset.times) * quantity) / 10n ** MICRO, Number(line.dataset.decimals ?? 2));
    }
  };
  const put = (selector, words) => {
    for (const place of box.querySelectorAll(selector)) place.textContent = words;
  };
  input.addEventListener("input", show);
  show();
}
