"""What the parties consent to before mediation begins, text by text, in both languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

VERSION = "2026-11"


@dataclass(frozen=True)
class Tick:
    """One consent, given apart from the others. Where `needed`, mediation does not begin without it."""

    code: str
    en: str
    zh: str
    needed: bool = True


TICKS = (
    Tick(
        "mediation",
        "We take part in this mediation. What is said in it stays in it, and is used in no other proceeding.",
        "我方同意参加本次调解。调解中的陈述予以保密，不得用于其他任何程序。",
    ),
    Tick(
        "arbitration",
        "We agree that this dispute is submitted to arbitration at the Shenzhen Court of International Arbitration"
        " (SCIA). A settlement reached here may be passed to it to be recorded as an award.",
        "我方同意将本争议提交深圳国际仲裁院（SCIA）仲裁；在此达成的和解可提交该院作成裁决。",
    ),
    Tick(
        "different_arbitrator",
        "The arbitrator is another person than the mediator.",
        "仲裁员与调解员不得为同一人。",
    ),
    Tick("online", "Meetings may be held online.", "会议可以在线举行。"),
    Tick(
        "language",
        "The case is led in English and Chinese; the terms say which text governs.",
        "本案以中文和英文进行；以哪种文本为准由和解条款载明。",
    ),
    Tick(
        "data_transfer",
        "The open file, these consents and the signed settlement may be sent between Singapore and mainland China for this"
        " case.",
        "为办理本案，公开案卷、本同意书及已签署的和解协议可在新加坡与中国内地之间传输。",
    ),
)
CODES = tuple(tick.code for tick in TICKS)


def text_hash() -> str:
    """SHA-256 of all texts of this version in both languages, hex."""
    whole = "\n".join(f"{tick.code}\n{tick.en}\n{tick.zh}" for tick in TICKS)
    return hashlib.sha256(f"{VERSION}\n{whole}".encode()).hexdigest()
