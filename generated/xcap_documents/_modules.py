"""The modules with document classes, by the namespaces of their elements.

Elements come back typed only if the module of their namespace was imported before.
"""

MODULES: dict[str, str] = {
    "urn:ietf:params:xml:ns:basic-location-profiles": "xcap_documents.basic_location_profiles",
    "urn:ietf:params:xml:ns:pidf:caps": "xcap_documents.caps",
    "urn:ietf:params:xml:ns:pidf:cipid": "xcap_documents.cipid",
    "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr": "xcap_documents.civic_address",
    "urn:ietf:params:xml:ns:common-policy": "xcap_documents.common_policy",
    "urn:ietf:params:xml:ns:geolocation-policy": "xcap_documents.geolocation_policy",
    "urn:oma:xml:xdm:resource-list:oma-appusage": "xcap_documents.oma_appusage",
    "urn:oma:xml:xdm:common-policy": "xcap_documents.oma_common_policy",
    "urn:oma:xml:prs:pres-content": "xcap_documents.oma_pres_content",
    "urn:oma:xml:prs:pres-rules": "xcap_documents.oma_pres_rules",
    "urn:oma:xml:xdm:resource-list:oma-uriusage": "xcap_documents.oma_uriusage",
    "urn:oma:xml:xdm:user-profile": "xcap_documents.oma_user_profile",
    "urn:oma:xml:xdm:xcap-directory": "xcap_documents.oma_xcap_directory",
    "urn:ietf:params:xml:ns:patch-ops-error": "xcap_documents.patch_ops_error",
    "urn:ietf:params:xml:ns:pidf": "xcap_documents.pidf",
    "urn:ietf:params:xml:ns:pidf:data-model": "xcap_documents.pidf_data_model",
    "urn:oma:xml:poc:list-service": "xcap_documents.poc_list_service",
    "urn:oma:xml:poc:oma-pocusage": "xcap_documents.poc_usage",
    "urn:ietf:params:xml:ns:pres-rules": "xcap_documents.pres_rules",
    "urn:ietf:params:xml:ns:resource-lists": "xcap_documents.resource_lists",
    "urn:ietf:params:xml:ns:rls-services": "xcap_documents.rls_services",
    "urn:ietf:params:xml:ns:pidf:rpid": "xcap_documents.rpid",
    "http://uri.etsi.org/ngn/params/xml/simservs/xcap": "xcap_documents.simservs",
    "urn:ietf:params:xml:ns:pidf:timed-status": "xcap_documents.timed_status",
    "urn:ietf:params:xml:ns:xcap-caps": "xcap_documents.xcap_caps",
    "urn:ietf:params:xml:ns:xcap-diff": "xcap_documents.xcap_diff",
    "urn:ietf:params:xml:ns:xcap-error": "xcap_documents.xcap_error",
    "urn:oma:xml:xdm:extensions": "xcap_documents.xdm_extensions",
}
