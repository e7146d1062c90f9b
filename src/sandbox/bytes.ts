/** Writing into the bytes of an answer; strings in between would cost more than all else. */

const dayMs = 86_400_000;
const dates = new Map<number, Uint8Array>();

/** As Date.toISOString: 24 bytes. */
export function writeTime(bytes: Uint8Array, at: number, ms: number): void {
  const day = Math.floor(ms / dayMs);
  const seconds = Math.floor((ms - day * dayMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  bytes.set(dateBytes(day), at);
  writeDigits(bytes, at + 11, Math.floor(minutes / 60), 2);
  bytes[at + 13] = 0x3a;
  writeDigits(bytes, at + 14, minutes % 60, 2);
  bytes[at + 16] = 0x3a;
  writeDigits(bytes, at + 17, seconds % 60, 2);
  bytes[at + 19] = 0x2e;
  writeDigits(bytes, at + 20, ms - day * dayMs - seconds * 1000, 3);
  bytes[at + 23] = 0x5a;
}

/** Decimal, with leading zeros, cut to the last digits. */
export function writeDigits(bytes: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const next = Math.floor(rest / 10);
    bytes[place] = 0x30 + rest - next * 10;
    rest = next;
  }
}

/** Lower-case hex of up to 32 bits, cut to the last digits. */
export function writeHex(bytes: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const digit = rest & 15;
    bytes[place] = digit < 10 ? 0x30 + digit : 0x57 + digit;
    rest >>>= 4;
  }
}

function dateBytes(day: number): Uint8Array {
  let bytes = dates.get(day);
  if (bytes === undefined) {
    if (dates.size > 10_000) dates.clear();
    bytes = Buffer.from(new Date(day * dayMs).toISOString().slice(0, 11));
    dates.set(day, bytes);
  }
  return bytes;
}
