// SPDX-License-Identifier: Apache-2.0
// An imagined alarm desk for the imagined centre: a few incidents, the arrows of their life, a recipient that
// acknowledges after a moment. Nothing here is a rule; the rules are core/domain's.
const iso = (ms) => new Date(ms).toISOString();
const open_states = ["queued", "escalated", "reopened"];
const kind_points = { panic: [90, "un bouton d'alerte a été pressé", "a panic button was pressed"], fire: [85, "feu", "fire"],
  intrusion: [60, "intrusion", "intrusion"], theft: [55, "vol", "theft"], damage: [40, "dégradation", "damage"], camera_outage: [10, "une caméra est aveugle", "one camera is blind"] };
const origin_points = { alarm_panel: [15, "une centrale d'alarme le signale", "an alarm panel signals it"],
  operator_seen: [25, "un opérateur l'a vu", "an operator saw it"], camera_health: [5, "le centre l'a mesuré", "the centre measured it"] };
const recipients = [
  { id: "cic-95", kind: "national_police_cic", name: "CIC du Val-d'Oise", fr: "zone police de la commune", en: "police zone of the commune" },
  { id: "gardien", kind: "guarding_company", name: "Société de gardiennage", fr: "consigne : intrusion, de 20 h à 7 h", en: "standing instruction: intrusion, 20:00-07:00" },
];

export class fake_desk {
  #incidents = new Map();
  #publish;
  constructor(publish) { this.#publish = publish; }

  raise(id, { kind, origin, source, commune, site, camera = null, ago_s = 0, signals = 1, ...rest }) {
    const at = Date.now() - ago_s * 1000;
    const incident = { id, commune, site, camera, type: kind, origin, source, state: "queued", owner: "", revision: 2, raised: at, entered: at,
      signals, notes: 0, escalations: 0, verdict: null, proposed: null, notification: null, log: [], ...rest };
    incident.log.push({ at: iso(at), author: "", what: "moved", to: "queued", text: "" });
    this.#incidents.set(id, incident);
    this.#tell(incident);
  }

  #body(i) {
    const terms = [kind_points[i.type] ?? [20, "d'aucun type répertorié", "of no listed kind"], origin_points[i.origin] ?? [5, "un équipement le signale", "a device signals it"]];
    if (i.state === "escalated") terms.push([40, "personne n'y a donné suite à temps", "nobody took it further in time"]);
    if (open_states.includes(i.state)) terms.push([Math.min(20, Math.floor((Date.now() - i.entered) / 60_000)), "il attend depuis un moment", "it has been waiting"]);
    const reasons = terms.filter(([points]) => points > 0).map(([points, fr, en]) => ({ points, fr, en }));
    return { id: i.id, commune: i.commune, site: i.site, camera: i.camera, type: i.type, origin: i.origin, source: i.source, state: i.state,
      owner: i.owner, revision: i.revision, raised_at: iso(i.raised), since: iso(i.entered), signals: i.signals, notes: i.notes, escalations: i.escalations,
      priority: { score: reasons.reduce((sum, r) => sum + r.points, 0), reasons }, verdict: i.verdict, proposed: i.proposed, notification: i.notification, exercise: true };
  }
  #tell(i) { this.#publish(`incident.${i.commune}.${i.id}`, "incident", this.#body(i)); }

  #move(i, state, author, text = "") {
    i.state = state;
    i.entered = Date.now();
    i.revision++;
    i.log.push({ at: iso(Date.now()), author, what: "moved", to: state, text });
    this.#tell(i);
  }

  answer(user, verb, body, refusal) {
    const { correlation } = body;
    if (verb === "raise") {
      const known = [...this.#incidents.values()].find((i) => i.state !== "closed" && i.site === body.site && i.type === body.type);
      if (known) { known.signals++; this.#tell(known); }
      const id = known?.id ?? `inc-${String(this.#incidents.size + 1).padStart(4, "0")}`;
      if (!known) this.raise(id, { kind: body.type, origin: body.origin, source: user, commune: body.commune, site: body.site, camera: body.camera ?? null });
      return { v: 1, kind: "incident_done", correlation, incident: this.#body(this.#incidents.get(id)) };
    }
    if (verb === "list") return { v: 1, kind: "incidents", correlation, incidents: [...this.#incidents.values()].map((i) => this.#body(i)) };
    const i = this.#incidents.get(body.incident);
    if (!i) return refusal(correlation, "not_found", null, "no such incident", "cette alarme n'existe pas", null);
    if (verb === "show") return { v: 1, kind: "incident_file", correlation, incident: this.#body(i), log: i.log, recipients };
    if (body.revision !== i.revision)
      return refusal(correlation, "bus_malformed", "M6", "the incident moved meanwhile", "l'alarme a bougé entre-temps : relisez-la", "l'opérateur");
    const done = () => ({ v: 1, kind: "incident_done", correlation, incident: this.#body(i) });
    if (verb === "claim") { i.owner = user; this.#move(i, "claimed", user); }
    else if (verb === "note") { i.notes++; i.revision++; i.log.push({ at: iso(Date.now()), author: user, what: "note", to: null, text: body.text }); this.#tell(i); }
    else if (i.owner !== user) return refusal(correlation, "access_denied", "M6", "not the owner", "cette alarme est à quelqu'un d'autre", "son titulaire");
    else if (verb === "release") { i.owner = ""; this.#move(i, "queued", user); }
    else if (verb === "verify") this.#move(i, "verifying", user);
    else if (verb === "verdict") { i.verdict = { verdict: body.verdict, author: user, reason: body.text, at: iso(Date.now()) }; this.#move(i, body.verdict, user, body.text); }
    else if (verb === "propose") {
      if (body.text?.includes("refus")) return refusal(correlation, "access_denied", "LEG-05", "not open", "destinataire non ouvert", null);
      i.proposed = body.recipient;
      this.#move(i, "notification_proposed", user, body.recipient);
    } else if (verb === "approve") {
      if (i.proposed === "guarding_company")
        return refusal(correlation, "access_denied", "LEG-02", "your approval to view has ended", "votre agrément de visionnage a expiré", "le préfet");
      i.notification = `${i.id}-1`;
      this.#move(i, "notification_approved", user);
      setTimeout(() => this.#move(i, "notified", ""), 600);
      setTimeout(() => this.#move(i, "acknowledged", ""), 1500);
    } else if (verb === "intervene") this.#move(i, "under_intervention", user);
    else if (verb === "monitor") this.#move(i, "monitored", user);
    else if (verb === "close") { i.owner = ""; this.#move(i, "closed", user, body.text); }
    else if (verb === "escalate") { i.owner = ""; this.#move(i, "escalated", user, body.text); }
    else if (verb === "reopen") this.#move(i, "reopened", user, body.text);
    else return refusal(correlation, "bus_unknown", null, "no such request", "cette demande n'existe pas", null);
    return done();
  }
}
