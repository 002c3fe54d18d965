/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_NOTIFIER_H
#define VIGIE_NOTIFIER_H

#include "vigie/types.h"

VIGIE_EXTERN_C_BEGIN

struct vigie_plugin;
struct vigie_host;

#define VIGIE_EXT_NOTIFIER "vigie.notifier/1"
#define VIGIE_EXT_DELIVERY "vigie.delivery/1"

#define VIGIE_NOTIFY_ACTUAL 1
#define VIGIE_NOTIFY_EXERCISE 2 /* must never look real at the recipient (CAP status Exercise) */
#define VIGIE_NOTIFY_TEST 3     /* supervision of the path */

/* An approved notification. It exists only after a human's verdict and approval; a plugin has no
 * way to make one. Strings are valid until deliver returns. */
typedef struct vigie_notification {
  uint32_t size;
  int32_t status;        /* VIGIE_NOTIFY_… */
  vigie_str_t key;       /* idempotency key: one effect per key at the recipient, at any attempt */
  vigie_str_t recipient; /* the recipient's id in the configuration */
  vigie_str_t incident;
  vigie_str_t event;    /* "intrusion", "fire", … */
  vigie_str_t headline; /* one line, no personal data */
  vigie_str_t description;
  vigie_str_t instruction;
  vigie_str_t commune_insee;
  vigie_str_t place; /* address or site name */
  vigie_str_t camera;
  vigie_str_t operator_id;   /* who gave the verdict */
  vigie_utc_us_t at_utc_us;  /* when the incident was confirmed */
  int32_t priority;          /* 1 highest .. 5 */
  int32_t latitude_microdeg; /* both 0: unknown */
  int32_t longitude_microdeg;
  uint32_t attempt; /* 1 for the first */
} vigie_notification_t;

typedef struct vigie_notifier {
  uint32_t size;
  uint32_t reserved;
  /* Hands it to the recipient. VIGIE_OK: taken; the outcome follows by delivery.report, maybe
   * later. VIGIE_E_AUTH, VIGIE_E_UNSUPPORTED: do not try again this way. [worker & started] */
  vigie_status_t (*deliver)(const struct vigie_plugin* plugin,
                            const vigie_notification_t* notification, vigie_error_t* error);
  /* Is the path to the recipient usable now? Must not cause an effect there. May be null.
   * [worker & started] */
  vigie_status_t (*probe)(const struct vigie_plugin* plugin, vigie_str_t recipient,
                          vigie_error_t* error);
} vigie_notifier_t;

#define VIGIE_DELIVERY_DELIVERED 1    /* the recipient's system has it */
#define VIGIE_DELIVERY_ACKNOWLEDGED 2 /* a person or system there took charge of it */
#define VIGIE_DELIVERY_FAILED 3
#define VIGIE_DELIVERY_NEEDS_HUMAN 4 /* the operator acts: `text` is shown (a script to read) */

typedef struct vigie_delivery_report {
  uint32_t size;
  int32_t outcome; /* VIGIE_DELIVERY_… */
  vigie_str_t key;
  vigie_str_t recipient;
  vigie_str_t reference; /* the recipient's own number, may be empty */
  vigie_str_t text;
  vigie_utc_us_t at_utc_us; /* 0: the host takes its own clock */
} vigie_delivery_report_t;

typedef struct vigie_delivery {
  uint32_t size;
  uint32_t reserved;
  /* VIGIE_E_NOT_FOUND: no notification of that key was given to this instance. [any-thread] */
  vigie_status_t (*report)(const struct vigie_host* host, const vigie_delivery_report_t* report);
} vigie_delivery_t;

VIGIE_EXTERN_C_END

#endif
