"""Read-only members who leave a room: they are read-only again when they come back, by whichever way."""

from ..models import FormerReader, Membership, Role


def remember_reader(place: Membership) -> None:
    """For a place that is about to be deleted."""
    if place.role == Role.READER:
        FormerReader.objects.get_or_create(room_id=place.room_id, user_id=place.user_id)


def restore_reader(place: Membership) -> None:
    """For a new place."""
    if FormerReader.objects.filter(room_id=place.room_id, user_id=place.user_id).delete()[0]:
        place.role = Role.READER
        place.save(update_fields=["role"])
