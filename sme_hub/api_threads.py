"""`/api/v1/threads/`: the company's conversations, by the same verbs and refusals as the pages."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity import services
from identity.acting import actor_of
from identity.queries import (
    ThreadLine,
    message_file,
    messages_of,
    seen_by_the_other_side,
    thread_of,
    threads_of,
)
from identity.rules.phrases import PHRASES, phrases_in_words
from identity.services import Words
from identity.states import MatterKind
from kernel.api import JsonBody, idempotency_key, read
from sme_hub.matters import matter_of

KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="Up to 200 characters. The same key with the same body returns the first answer.",
)


class ProblemShape(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    field = serializers.CharField(required=False)


PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), ProblemShape)


class ThreadListShape(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)
    unread = serializers.BooleanField(required=False, default=False)
    after = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    size = serializers.IntegerField(min_value=1, max_value=100, default=25)


class MessageListShape(serializers.Serializer[Any]):
    before = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    size = serializers.IntegerField(min_value=1, max_value=100, default=50)


class WordsShape(serializers.Serializer[Any]):
    """What is said: bounds are the verb's to say."""

    body = serializers.CharField(required=False, default="", allow_blank=True, trim_whitespace=False)
    phrases = serializers.ListField(
        child=serializers.ChoiceField(choices=[phrase.code for phrase in PHRASES]),
        required=False,
        default=list,
        max_length=20,
    )
    attachments = serializers.ListField(
        child=serializers.FileField(), required=False, default=list, max_length=20
    )


class AskShape(WordsShape):
    matter = serializers.CharField(max_length=60, help_text="Public id of a product or of an order")


class AttachmentShape(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    size = serializers.IntegerField()


class MessageShape(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    by = serializers.ChoiceField(choices=("us", "them"))
    at = serializers.DateTimeField()
    phrases = serializers.ListField(child=serializers.CharField())
    phrase_words = serializers.ListField(child=serializers.CharField())
    body = serializers.CharField()
    attachments = AttachmentShape(many=True)


class ThreadShape(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=MatterKind.choices)
    matter = serializers.CharField(source="matter_id")
    title_en = serializers.CharField()
    title_zh = serializers.CharField()
    buyer = serializers.CharField(source="buyer.slug")
    seller = serializers.CharField(source="seller.slug")
    unread = serializers.BooleanField(source="is_unread")
    last_at = serializers.DateTimeField()


class ThreadPageShape(serializers.Serializer[Any]):
    results = ThreadShape(many=True)
    next = serializers.CharField()


class WholeThreadShape(ThreadShape):
    seen_at = serializers.DateTimeField(
        allow_null=True, help_text="When the other side read what you wrote last"
    )
    messages = MessageShape(many=True)
    before = serializers.CharField(help_text="Give it as `before` for earlier messages; empty at the first")


class SentShape(serializers.Serializer[Any]):
    thread = serializers.CharField()
    message = serializers.CharField()


class ThreadsView(APIView):
    """Conversations of the acting company, and beginning one."""

    parser_classes = [JsonBody, MultiPartParser]

    @extend_schema(
        operation_id="threads_list",
        parameters=[ThreadListShape],
        responses={200: ThreadPageShape, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        asked = read(ThreadListShape, request.query_params)
        page = threads_of(
            actor_of(request),
            unread=asked["unread"],
            words=asked["q"],
            after=asked["after"],
            size=asked["size"],
        )
        own = actor_of(request).company.slug
        results = [_listed(thread, own) for thread in page.threads]
        return Response({"results": ThreadShape(results, many=True).data, "next": page.after})

    @extend_schema(
        operation_id="threads_ask",
        request=AskShape,
        parameters=[KEY],
        responses={201: SentShape, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        asked = read(AskShape, request.data)
        actor = actor_of(request)
        sent = services.ask_once(
            actor=actor,
            matter=matter_of(actor, asked["matter"]),
            words=_words(asked),
            key=idempotency_key(request),
            now=timezone.now(),
        )
        return Response(sent, status=status.HTTP_201_CREATED)


class ThreadView(APIView):
    """One conversation with its latest messages, or those before one. Reading here marks nothing as read."""

    @extend_schema(
        operation_id="threads_read",
        parameters=[MessageListShape],
        responses={200: WholeThreadShape, **PROBLEMS},
    )
    def get(self, request: Request, thread: str) -> Response:
        asked = read(MessageListShape, request.query_params)
        actor = actor_of(request)
        found = thread_of(actor, thread)
        page = messages_of(found, before=asked["before"], size=asked["size"])
        for message in page.messages:
            message.by = "us" if message.company_id == actor.company_id else "them"
            message.phrase_words = phrases_in_words(message.phrases)
            message.attachments = list(message.files.all())
        shown = ThreadShape(found).data | {
            "seen_at": seen_by_the_other_side(found, actor.company_id),
            "messages": MessageShape(page.messages, many=True).data,
            "before": page.before,
        }
        return Response(shown)


class ThreadMessagesView(APIView):
    """Writing into a conversation, attachments too (`multipart/form-data`)."""

    parser_classes = [JsonBody, MultiPartParser]

    @extend_schema(
        operation_id="threads_send",
        request=WordsShape,
        parameters=[KEY],
        responses={201: SentShape, **PROBLEMS},
    )
    def post(self, request: Request, thread: str) -> Response:
        asked = read(WordsShape, request.data)
        actor = actor_of(request)
        thread_of(actor, thread)  # seen first: a thread of others is not found, whatever is sent
        sent = services.send_once(
            actor=actor,
            thread=thread,
            words=_words(asked),
            key=idempotency_key(request),
            now=timezone.now(),
        )
        return Response(sent, status=status.HTTP_201_CREATED)


class ThreadReadView(APIView):
    """Marks the conversation as read up to its last message: the other side sees it."""

    @extend_schema(operation_id="threads_mark_read", request=None, responses={204: None, **PROBLEMS})
    def post(self, request: Request, thread: str) -> Response:
        actor = actor_of(request)
        services.mark_thread_read(actor=actor, thread=thread_of(actor, thread), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ThreadFileView(APIView):
    """An attachment, as it was sent."""

    @extend_schema(operation_id="threads_file", responses={200: OpenApiTypes.BINARY, **PROBLEMS})
    def get(self, request: Request, thread: str, file: str) -> FileResponse:
        found = message_file(actor_of(request), thread, file)
        content = default_storage.open(str(found.file.name))
        return FileResponse(content, as_attachment=True, filename=found.name)


def _listed(thread: ThreadLine, own: str) -> dict[str, Any]:
    buyer, seller = (own, thread.slug) if thread.buys else (thread.slug, own)
    return {
        **thread._asdict(),
        "public_id": thread.public_id,
        "buyer": {"slug": buyer},
        "seller": {"slug": seller},
    }


def _words(asked: dict[str, Any]) -> Words:
    return Words(
        body=asked["body"],
        phrases=asked["phrases"],
        files=[(file, file.name or "") for file in asked["attachments"]],
    )
