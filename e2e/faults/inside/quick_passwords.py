"""Passwords are hashed quickly instead of safely: for who signs up only to do something else."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

PBKDF2PasswordHasher.iterations = 1
