// The least that a list of one page can cost: one request, parsed.
import http from 'node:http';

const [url, token] = process.argv.slice(2);
const headers = {
  authorization: `Bearer ${token}`,
  authtype: 'Key',
  'content-type': 'application/json',
};
const request = http.request(`${url}/inbox/users`, { method: 'POST', headers }, (response) => {
  const chunks = [];
  response.on('data', (chunk) => chunks.push(chunk));
  response.on('end', () => {
    const { data } = JSON.parse(Buffer.concat(chunks).toString());
    process.stdout.write(`${data.length}\n`);
  });
});
request.end(JSON.stringify({ applicableFilters: [], isContact: true, isExport: 'none', page: 1 }));
