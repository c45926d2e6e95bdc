"""What must always be true of the whole house, asked of the database itself.

Each invariant is a query for what breaks it: no rows, no fault. Some hold only when nothing is under way.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import connection

from documents.models import Rendition


@dataclass(frozen=True)
class Invariant:
    name: str
    #: selects one text per fault
    faults: str
    #: holds only once every delivery is done
    when_quiet: bool = False


@dataclass(frozen=True)
class Finding:
    invariant: str
    #: the first few, in words
    faults: list[str]
    count: int

    @property
    def holds(self) -> bool:
        return self.count == 0


INVARIANTS = (
    Invariant(
        "no event lies ahead of the database’s own count of transactions",  # as after a restore into a new cluster
        """
        SELECT format('event %s was written in transaction %s', id, xid)
        FROM kernel_event WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
          AND xid > coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0)
        """,
    ),
    Invariant(
        "an issuer of identities is suspended while a suspension of it lasts, and only then",
        """
        SELECT format('issuer %s is %s, %s suspensions last', i.code, i.state, count(s.id))
        FROM identity_issuer i LEFT JOIN identity_suspension s ON s.issuer_id = i.id AND s.until IS NULL
        GROUP BY i.id HAVING (i.state = 'suspended') <> (count(s.id) = 1)
        """,
    ),
    Invariant(
        "an identity stands in no more than one active link, and both sides of an active link are held",
        """
        SELECT format('link %s: %s sides are held', l.id, count(s.id))
        FROM identity_identitylink l LEFT JOIN identity_linkedside s
            ON s.link_id = l.id AND s.open AND s.identity_id IN (l.first_id, l.second_id)
        WHERE l.state = 'active' GROUP BY l.id HAVING count(s.id) <> 2
        """,
    ),
    Invariant(
        "a confirmed change of a bank account made the account that was asked for",
        """
        SELECT format('change %s: account %s', c.id, a.id)
        FROM identity_bankaccountchange c JOIN identity_bankaccount a ON a.id = c.account_id
        WHERE (c.company_id, c.currency, c.bank_name, c.bic, c.account_number)
            <> (a.company_id, a.currency, a.bank_name, a.bic, a.account_number) OR c.state <> 'confirmed'
        """,
    ),
    Invariant(
        "stock is the sum of its movements",
        """
        SELECT format('product %s: %s in stock, %s moved', s.product_id, s.available, coalesce(sum(m.quantity), 0))
        FROM catalog_stock s LEFT JOIN catalog_stockmovement m ON m.product_id = s.product_id
        GROUP BY s.product_id, s.available HAVING s.available <> coalesce(sum(m.quantity), 0)
        """,
    ),
    Invariant(
        "an order holds the stock of its lines while it lives, and none after",
        """
        SELECT format('order %s: line of product %s holds %s of %s', o.reference, l.product_id, -coalesce(m.held, 0),
                      CASE WHEN o.state IN ('refused', 'lapsed', 'cancelled') THEN 0 ELSE l.quantity END)
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN (SELECT reference, product_id, sum(quantity) AS held FROM catalog_stockmovement
                   WHERE kind IN ('reserved', 'released') GROUP BY 1, 2) m
          ON m.reference = o.uid AND m.product_id = l.product_id
        WHERE -coalesce(m.held, 0)
              <> CASE WHEN o.state IN ('refused', 'lapsed', 'cancelled') THEN 0 ELSE l.quantity END
        """,
    ),
    Invariant(
        "totals are sums of rounded lines, freight and tax",
        """
        SELECT format('order %s: %s is not %s + %s + %s', o.reference, o.total, l.sum, o.freight, o.tax_total)
        FROM orders_order o JOIN (SELECT order_id, sum(line_total) FROM orders_orderline GROUP BY 1) l ON l.order_id = o.id
        WHERE o.lines_total <> l.sum OR o.total <> l.sum + coalesce(o.freight, 0) + o.tax_total
        """,
    ),
    Invariant(
        "what is paid is the sum of payments",
        """
        SELECT format('order %s: %s is not %s', o.reference, o.amount_paid, coalesce(sum(p.amount), 0))
        FROM orders_order o LEFT JOIN orders_payment p ON p.order_id = o.id
        GROUP BY o.id HAVING o.amount_paid <> coalesce(sum(p.amount), 0)
        """,
    ),
    Invariant(
        "what is shipped is the sum of shipments, and no more than was ordered",
        """
        SELECT format('order line %s: %s is not %s', l.id, l.despatched, coalesce(sum(d.quantity), 0))
        FROM orders_orderline l LEFT JOIN orders_despatchline d ON d.order_line_id = l.id
        GROUP BY l.id HAVING l.despatched <> coalesce(sum(d.quantity), 0) OR l.despatched > l.quantity
        """,
    ),
    Invariant(
        "numbers of papers run from 1 without gaps",
        """
        SELECT format('%s %s of company %s: %s papers, highest %s, series at %s',
                      s.kind, s.year, s.company_id, count(p.id), max(p.number), s.last_number)
        FROM documents_numberseries s
        LEFT JOIN documents_paper p ON (p.company_id, p.kind, p.year) = (s.company_id, s.kind, s.year)
        GROUP BY s.id HAVING count(DISTINCT p.number) <> s.last_number OR coalesce(max(p.number), 0) <> s.last_number
        """,
    ),
    Invariant(
        "every confirmed order has exactly one commercial invoice, and no other has one",
        """
        SELECT format('order %s (%s): %s invoices', o.reference, o.state, count(p.id))
        FROM orders_order o LEFT JOIN documents_paper p ON p.order_id = o.id AND p.kind = 'commercial_invoice'
        GROUP BY o.id HAVING count(p.id) <> CASE WHEN o.confirmed_at IS NULL THEN 0 ELSE 1 END
        """,
        when_quiet=True,
    ),
    Invariant(
        "every order has its confirmation, every shipment its packing list",
        """
        SELECT format('order %s has no confirmation', o.reference) FROM orders_order o WHERE NOT EXISTS
          (SELECT 1 FROM documents_paper p WHERE p.order_id = o.id AND p.kind = 'order_confirmation')
        UNION ALL
        SELECT format('despatch %s has no packing list', d.id) FROM orders_despatch d
        WHERE NOT EXISTS (SELECT 1 FROM documents_paper p WHERE p.despatch_id = d.id)
        """,
        when_quiet=True,
    ),
    Invariant(
        "every version of a paper is rendered in three languages",
        """
        SELECT format('version %s of paper %s: %s files', v.version, v.paper_id, count(r.id))
        FROM documents_paperversion v LEFT JOIN documents_rendition r ON r.version_id = v.id
        GROUP BY v.id HAVING count(r.id) <> 3
        """,
        when_quiet=True,
    ),
    Invariant(
        "what is on the shelf is on sale, and what is on sale is on the shelf",
        """
        SELECT format('product %s of %s: %s, seller %s, %s the shelf', p.id, c.slug, p.state, c.state,
                      CASE WHEN s.product_id IS NULL THEN 'not on' ELSE 'on' END)
        FROM catalog_product p JOIN identity_company c ON c.id = p.company_id
        LEFT JOIN catalog_shelfrow s ON s.product_id = p.id
        WHERE (p.state = 'published' AND c.state = 'active') <> (s.product_id IS NOT NULL)
        """,
        when_quiet=True,
    ),
    Invariant(
        "at most one financing of an invoice, and each that is accepted stands in the registry",
        """
        SELECT format('invoice %s backs money %s times', paper_id, count(*)) FROM financing_offer
        WHERE state IN ('accepted', 'reserved', 'disbursed', 'disputed', 'repaid')
        GROUP BY paper_id HAVING count(*) > 1
        UNION ALL
        SELECT format('offer %s is %s and the registry says %s', o.id, o.state,
                      CASE WHEN e.id IS NULL THEN 'nothing' WHEN e.released_at IS NULL THEN 'taken' ELSE 'free' END)
        FROM financing_offer o LEFT JOIN financing_registryentry e ON e.offer_id = o.id
        WHERE (o.state IN ('accepted', 'reserved', 'disbursed', 'disputed', 'repaid'))
              <> (e.id IS NOT NULL AND e.released_at IS NULL)
        """,
    ),
    Invariant(
        "an offer whose time has run out does not stand",
        """
        SELECT format('offer %s stood until %s', id, expires_at) FROM financing_offer
        WHERE state = 'offered' AND expires_at < now()
        """,
        when_quiet=True,
    ),
    Invariant(
        "nobody is told to answer an order that waits for no answer",
        """
        SELECT format('%s of order %s, which is %s', n.code, o.reference, o.state)
        FROM identity_notice n JOIN orders_order o ON o.uid = n.about
        WHERE n.waits AND n.settled_at IS NULL
          AND (n.code = 'order.to_answer' AND o.state <> 'placed'
               OR n.code = 'order.freight_to_agree' AND o.state <> 'freight_offered')
        """,
        when_quiet=True,
    ),
    Invariant(
        "a thread knows its last message",
        """
        SELECT format('thread %s: %s is not %s', t.id, t.last_message_key, coalesce(last.id, 0))
        FROM identity_thread t LEFT JOIN LATERAL (
            SELECT id, company_id FROM identity_message WHERE thread_id = t.id ORDER BY id DESC LIMIT 1) last ON true
        WHERE t.last_message_key <> coalesce(last.id, 0) OR t.last_company_id IS DISTINCT FROM last.company_id
        """,
    ),
    Invariant(
        "nothing waits",
        """
        SELECT format('%s of event %s: %s attempts, %s', handler, event_id, attempts, left(error, 80))
        FROM kernel_delivery WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= now()
        """,
        when_quiet=True,
    ),
    Invariant(
        "nothing is parked",
        """
        SELECT format('%s of event %s: %s', handler, event_id, left(error, 80))
        FROM kernel_delivery WHERE parked_at IS NOT NULL
        """,
    ),
    Invariant(
        "payment is held while a case is open, and only then",
        """
        SELECT format('order %s is held without an open case', o.reference)
        FROM orders_order o LEFT JOIN disputes_case c ON c.uid = o.held_by
        WHERE o.held_by IS NOT NULL AND (c.id IS NULL OR c.ended_at IS NOT NULL)
        UNION ALL
        SELECT format('case %s holds nothing', c.number)
        FROM disputes_case c JOIN orders_order o ON o.id = c.order_id
        WHERE c.ended_at IS NULL AND o.held_by IS DISTINCT FROM c.uid
        """,
    ),
    Invariant(
        "a settlement is signed by both sides, under its own hash",
        """
        SELECT format('terms %s: %s signatures', t.id, count(s.id))
        FROM disputes_terms t LEFT JOIN disputes_signature s ON s.terms_id = t.id AND s.text_hash = t.text_hash
        WHERE t.state = 'signed' GROUP BY t.id HAVING count(s.id) <> 2
        """,
    ),
    Invariant(
        "every company is compared with every list in force",
        """
        SELECT format('company %s was not compared with list %s', c.id, s.id)
        FROM (SELECT DISTINCT ON (source_id) id FROM identity_listsnapshot WHERE state = 'ready'
              ORDER BY source_id, as_of DESC, id DESC) s CROSS JOIN identity_company c
        WHERE NOT EXISTS (SELECT 1 FROM identity_screening x WHERE x.snapshot_id = s.id AND x.company_id = c.id)
        """,
        when_quiet=True,
    ),
    Invariant(
        "a file that could not be used left nothing",
        """
        SELECT format('entry %s of list %s', e.ref, s.id) FROM identity_listentry e
        JOIN identity_listsnapshot s ON s.id = e.snapshot_id WHERE s.state = 'refused'
        """,
    ),
)

#: how many faults of one kind are told in words
TOLD = 5


def waiting() -> int:
    """Deliveries that are due and not done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM kernel_delivery WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= now()"
        )
        return int(cursor.fetchone()[0])


def check(*, quiet: bool = True) -> list[Finding]:
    """Every invariant with what breaks it; without `quiet` only those that hold at any moment."""
    findings = [_asked(invariant) for invariant in INVARIANTS if quiet or not invariant.when_quiet]
    return [*findings, _files_are_there()]


def _asked(invariant: Invariant) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(invariant.faults)
        faults = [row[0] for row in cursor.fetchall()]
    return Finding(invariant.name, faults[:TOLD], len(faults))


def _files_are_there() -> Finding:
    lost = [
        rendition.public_id
        for rendition in Rendition.objects.only("uid", "file", "size").iterator()
        if not default_storage.exists(str(rendition.file.name))
        or default_storage.size(str(rendition.file.name)) != rendition.size
    ]
    return Finding("every rendered file lies in the store", lost[:TOLD], len(lost))
