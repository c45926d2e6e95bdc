"""Who acts for the company, and the invitations that wait."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import InviteForm, RolesForm
from identity.queries import former_members_of, invitations_of, members_of
from identity.states import Role
from identity.views.answering import done, sent
from identity.views.companies import READ_OR_SEND


@require_safe
@for_company
def members(request: CompanyRequest) -> HttpResponse:
    now = timezone.now()
    shown = {
        "members": members_of(request.actor, now),
        "former": former_members_of(request.actor, now)[:20],
        "invitations": invitations_of(request.actor),
        "may_manage": request.actor.may(Role.OWNER),
        "now": now,
    }
    return render(request, "identity/members.html", shown)


@READ_OR_SEND
@for_company(Role.OWNER)
def member_invite(request: CompanyRequest) -> HttpResponse:
    form = InviteForm(*sent(request))
    invitation = done(
        form,
        lambda: services.invite_member(actor=request.actor, **form.cleaned_data, now=timezone.now()),
    )
    if invitation:
        words = _("The invitation to %(email)s is on its way. It holds for 14 days.")
        messages.success(request, words % {"email": invitation.email})
        return redirect("members", company=request.actor.company.slug)
    return render(request, "identity/member_invite.html", {"form": form})


@READ_OR_SEND
@for_company(Role.OWNER)
def member_roles(request: CompanyRequest, member: str) -> HttpResponse:
    now = timezone.now()
    membership = members_of(request.actor, now).fetch(member)
    form = RolesForm(*sent(request), initial={"roles": membership.roles})
    changed = done(
        form,
        lambda: services.change_roles(
            actor=request.actor, membership=membership, roles=form.cleaned_data["roles"], now=now
        ),
    )
    if changed:
        messages.success(request, _("The roles of %(name)s are changed.") % {"name": membership.user})
        return redirect("members", company=request.actor.company.slug)
    return render(request, "identity/member_roles.html", {"form": form, "membership": membership})


@require_POST
@for_company
def member_end(request: CompanyRequest, member: str) -> HttpResponse:
    """An owner ends anybody's membership; everybody may end their own."""
    now = timezone.now()
    membership = members_of(request.actor, now).fetch(member)
    services.end_membership(actor=request.actor, membership=membership, now=now)
    if membership.user_id == request.actor.user_id:
        messages.success(
            request, _("Your membership of %(name)s has ended.") % {"name": request.actor.company}
        )
        return redirect("desk")
    messages.success(request, _("%(name)s no longer acts for the company.") % {"name": membership.user})
    return redirect("members", company=request.actor.company.slug)


@require_POST
@for_company(Role.OWNER)
def invitation_revoke(request: CompanyRequest, invitation: str) -> HttpResponse:
    waiting = invitations_of(request.actor).fetch(invitation)
    services.revoke_invitation(actor=request.actor, invitation=waiting, now=timezone.now())
    messages.success(request, _("The invitation to %(email)s is revoked.") % {"email": waiting.email})
    return redirect("members", company=request.actor.company.slug)
