// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { span } from './history.js';
import { shown } from './lane.js';

/** How long a stroke rings, and the period of its tone, in milliseconds. */
const decay = 420;
const period = 300;
const ring = 4 * decay;

/** Reading a style or a size makes the browser lay the page out: once for each canvas, until one of them changes. */
let measured = new WeakMap();
const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => measured.delete(target)));

/** The colours have changed. */
export function forgetColours() {
  measured = new WeakMap();
}

/** A canvas in device pixels, cleared, with the colours of its CSS. */
function prepare(canvas) {
  if (!measured.has(canvas)) measured.set(canvas, measure(canvas));
  const { context, ratio, ...face } = measured.get(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, face.width, face.height);
  return { context, ...face };
}

function measure(canvas) {
  resized.observe(canvas);
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const { color: ink, outlineColor: faint, font } = getComputedStyle(canvas);
  return { context: canvas.getContext('2d'), ratio, width, height, ink, faint, font };
}

/** Draws a history as a line that each event plucks, with a dot below it for each request. */
export function drawTrace(canvas, history, now) {
  const { context, width, height, ink, faint } = prepare(canvas);
  if (width === 0) return;
  const x = (at) => width - ((now - at) / span) * width;
  drawGrid(context, x, now, height, faint);
  drawRequests(context, x, history.requests, height, ink);
  drawLine(context, { width, height, ink, now }, history);
  drawInterruptions(context, x, { height, ink, width }, history.interruptions);
}

function drawGrid(context, x, now, height, faint) {
  context.fillStyle = faint;
  const step = 2000;
  for (let at = Math.floor(now / step) * step; at > now - span; at -= step) {
    context.fillRect(Math.round(x(at)), 0, 1, height);
  }
}

function drawRequests(context, x, requests, height, ink) {
  context.fillStyle = ink;
  for (const at of requests) {
    context.fillRect(x(at) - 1, height - 3, 2, 3);
  }
}

function drawLine(context, { width, height, ink, now }, { strokes }) {
  const middle = (height - 4) / 2;
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.beginPath();
  let first = 0;
  for (let left = 0; left <= width; left += 1) {
    const at = now - span + (left / width) * span;
    while (first < strokes.length && strokes[first].at < at - ring) first += 1;
    context.lineTo(left, middle - displacement(strokes, first, at) * (middle - 1.5));
  }
  context.stroke();
}

/** The sum of damped waves at a moment, between -1 and 1. */
function displacement(strokes, first, at) {
  let sum = 0;
  for (let index = first; index < strokes.length && strokes[index].at <= at; index += 1) {
    const age = at - strokes[index].at;
    const loudness = Math.min(1, 0.5 + Math.log10(strokes[index].weight) * 0.3);
    sum += loudness * Math.exp(-age / decay) * Math.cos((2 * Math.PI * age) / period);
  }
  return Math.tanh(sum);
}

function drawInterruptions(context, x, { height, ink, width }, interruptions) {
  for (const { from, to } of interruptions) {
    const left = Math.max(0, x(from));
    const right = to === null ? width : Math.min(width, x(to));
    if (right <= 0) continue;
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, height);
    context.clip();
    context.clearRect(left, 0, right - left, height);
    context.strokeStyle = ink;
    context.globalAlpha = 0.45;
    context.lineWidth = 1;
    context.beginPath();
    for (let stripe = left - height; stripe < right; stripe += 7) {
      context.moveTo(stripe, height);
      context.lineTo(stripe + height, 0);
    }
    context.stroke();
    context.restore();
  }
}

/** The scale is logarithmic and the same on every lane, so that heights compare: from 1 ms to 10 s. */
const marks = [[1, '1 ms'], [10, '10'], [100, '100'], [1000, '1 s']];
const ceiling = 10_000;
const margin = 34;

/** Draws the latency of the last events: a pale bar for what was caught up on. */
export function drawBars(canvas, latencies) {
  const { context, width, height, ink, faint, font } = prepare(canvas);
  if (width === 0) return;
  const y = (latency) => height - 1 - (Math.log10(Math.max(latency, 0.5) * 2) / Math.log10(ceiling * 2)) * (height - 6);
  drawMarks(context, { width, y, faint, font });
  const pitch = (width - margin) / shown;
  const thickness = Math.max(1, pitch - 1.5);
  context.fillStyle = ink;
  latencies.forEach(({ latency, late }, index) => {
    const left = width - (latencies.length - index) * pitch;
    const top = Math.max(1, y(latency));
    context.globalAlpha = late ? 0.4 : 1;
    context.fillRect(left, top, thickness, height - top);
  });
}

function drawMarks(context, { width, y, faint, font }) {
  context.font = font;
  context.textBaseline = 'middle';
  context.fillStyle = faint;
  for (const [at, label] of marks) {
    const line = Math.round(y(at));
    context.globalAlpha = 0.3;
    context.fillRect(margin, line, width - margin, 1);
    context.globalAlpha = 1;
    context.fillText(label, 0, line);
  }
}
