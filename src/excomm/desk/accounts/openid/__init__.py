"""Signing in through OpenID Connect, held to more than allauth asks by itself.

A nonce ties the provider's answer to this browser's question, the answer's signature is checked
against the provider's keys, and the provider has to call itself what the installation calls it.
"""
