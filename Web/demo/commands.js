// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The topic as a query value; a slash may stand there as it is, and reads better. */
export function query(topic) {
  return encodeURIComponent(topic).replaceAll('%2F', '/');
}

function commandsFor(topic) {
  const address = `${location.origin}/v1/events`;
  const log = `${address}?topic=${query(topic)}`;
  const body = JSON.stringify({ topic, payload: { text: 'hello from a terminal' } });
  return [
    ['Publish', `curl -H 'Content-Type: application/json' -d ${quoted(body)} ${address}`],
    ['WebSocket', `hibiki tail --url ${location.origin} ${quoted(topic)}`],
    ['Server-Sent Events', `curl -N -H 'Accept: text/event-stream' ${quoted(log)}`],
    ['Long poll', `curl -i ${quoted(`${log}&wait=25`)}`],
    ['Short poll', `curl ${quoted(log)}`],
  ];
}

/** Fills the list with lines to copy. */
export function showCommands(list, topic) {
  list.replaceChildren(...commandsFor(topic).flatMap(([name, line]) => {
    const term = document.createElement('dt');
    term.textContent = name;
    const code = document.createElement('code');
    code.textContent = line;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy the line for ${name}`);
    button.addEventListener('click', () => copy(line, code, button));
    const description = document.createElement('dd');
    description.append(code, button);
    return [term, description];
  }));
}

/** Where the clipboard is out of reach (a page without TLS), the line is selected instead. */
async function copy(line, code, button) {
  try {
    await navigator.clipboard.writeText(line);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 1600);
}
