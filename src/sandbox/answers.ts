/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The service's envelope, to go around the data. */
export const envelope = { before: '{"success":true,"message":"","data":', after: ',"code":200}' };

export function success(data: unknown): Answer {
  return { status: 200, body: envelope.before + JSON.stringify(data) + envelope.after };
}

export function refusal(status: number, message: string): Answer {
  return { status, body: JSON.stringify({ success: false, message, code: status }) };
}

export function webPage(status: number, title: string): Answer {
  const head = `<head><title>${title}</title></head>`;
  const body = `<!doctype html>\n<html>${head}<body><h1>${title}</h1></body></html>\n`;
  return { status, body, type: 'text/html; charset=utf-8' };
}
